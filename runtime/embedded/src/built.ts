/** URL of a compiled module of this package. Threads and child processes always run the build, also when tests load the sources. */
export function built(module: string): URL {
  return new URL(new URL(`./${module}`, import.meta.url).href.replace('/src/', '/dist/'));
}
