/**
 * URL of a compiled module of this folder. Threads always run the build, also when tests load the sources; in the build and in the bundle
 * the module stands beside this one. Its name in the bundle differs from the embedded runtime's.
 */
export function built(module: string): URL {
  const fromSource = import.meta.url.endsWith('/src/control/built.ts');
  return new URL(fromSource ? `../../dist/control/${module}` : `./${module}`, import.meta.url);
}
