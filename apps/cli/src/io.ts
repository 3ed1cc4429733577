/** Where a command reads its surroundings and writes its words; tests pass their own. */
export interface Io {
  /** Results: what a pipe should get. */
  out(text: string): void;
  /** Findings, progress, hints. */
  err(text: string): void;
  /** Is a person watching `err`? Progress bars and colours only then. */
  readonly terminal: boolean;
  /** Width of the terminal in characters. */
  readonly columns: number;
  readonly cwd: string;
}

export function processIo(): Io {
  // A reader that closes the pipe early (`| head -1`) is not an error of ours.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
  }
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    terminal: process.stderr.isTTY === true,
    // Some terminals say 0 when they do not know.
    columns: process.stderr.columns || 80,
    cwd: process.cwd(),
  };
}
