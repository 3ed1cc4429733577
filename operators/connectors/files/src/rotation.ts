import { closeSync, fstatSync, openSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { beginsAsBefore, type FileIdentity } from './fingerprint.js';

/** An open file with what tells it from others. */
export interface OpenFile {
  fd: number;
  path: string;
  inode: string;
  /** Time of the last change in ns: orders rotated files. */
  changed: bigint;
}

/** Opens a file for reading, undefined when it is not there. */
export function openIfThere(path: string): OpenFile | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const { ino, mtimeNs } = fstatSync(fd, { bigint: true });
  return { fd, path, inode: String(ino), changed: mtimeNs };
}

/** What rotation adds to a name: `.1`, `-20240131`, `.2024-01-31`. Packed files are another matter. */
const ROTATED = /^[.-]\d[\d_-]*$/;

/** Rotated copies of a file in its folder, oldest change first, all open. */
function openRotated(path: string): OpenFile[] {
  const base = basename(path);
  const folder = dirname(path);
  return readdirSync(folder)
    .filter((name) => name.startsWith(base) && ROTATED.test(name.slice(base.length)))
    .flatMap((name) => openIfThere(join(folder, name)) ?? [])
    .sort((a, b) => (a.changed < b.changed ? -1 : a.changed > b.changed ? 1 : b.path < a.path ? -1 : 1));
}

/**
 * Files that were rotated away after the file with this inode: those changed later than it, oldest first. When `find` is set the
 * file itself is searched (by inode and beginning) and comes first; undefined when it is gone.
 */
export function rotatedSince(
  path: string,
  inode: string,
  current: string | undefined,
  find?: FileIdentity,
): OpenFile[] | undefined {
  const files = openRotated(path);
  const at = files.findIndex((file) => file.inode === inode);
  const found = at >= 0 && (find === undefined || beginsAsBefore(files[at]!.fd, find.fingerprint));
  const keep = found ? files.slice(find ? at : at + 1).filter((file) => file.inode !== current) : [];
  for (const file of files) if (!keep.includes(file)) closeSync(file.fd);
  return found ? keep : undefined;
}
