// Builds the editor's pages into apps/editor/dist, with vite as installed there.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const editor = join(dirname(dirname(fileURLToPath(import.meta.url))), 'apps', 'editor');
for (const command of [
  [join('node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'],
  [join('scripts', 'size.mjs')],
]) {
  const { status } = spawnSync(process.execPath, command, { cwd: editor, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
