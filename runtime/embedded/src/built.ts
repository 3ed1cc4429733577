/**
 * URL of a compiled module of this package. Threads and child processes always run the build, also when tests load the sources;
 * in the build and in the bundle the module stands beside this one.
 */
export function built(module: string): URL {
  const fromSource = import.meta.url.endsWith('/src/built.ts');
  return new URL(fromSource ? `../dist/${module}` : `./${module}`, import.meta.url);
}
