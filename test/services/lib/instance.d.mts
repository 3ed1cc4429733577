export interface State {
  id: string;
  server: string;
  pid: number;
  birth: string;
  url: string;
  folder: string;
  ports: number[];
  options: { [name: string]: string };
  env: { [name: string]: string };
}

export declare class Instance {
  readonly state: State;
  readonly url: string;
  readonly env: { readonly [name: string]: string };
  readonly port: number;
  readonly alive: boolean;
  /** Starts it on the folder and ports that it has, after `kill`. */
  launch(): Promise<void>;
  ready(timeout?: number): Promise<void>;
  /** `kill -9`; folder and ports stay. */
  kill(): Promise<void>;
  /** `down`: ms between the kill and the start. */
  bounce(options?: { down?: number }): Promise<void>;
  /** SIGSTOP: connections stay open and nothing answers. */
  freeze(): void;
  thaw(): void;
  /** Resident bytes. */
  memory(): number;
  stop(): Promise<void>;
}

export declare function startServer(
  name: string,
  settings?: { id?: string; options?: { [name: string]: string } },
): Promise<Instance>;
export declare function runningServer(id: string): Instance | undefined;
export declare function knownServers(): Instance[];
