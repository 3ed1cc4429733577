import { closeSync, fstatSync, openSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { MillraceError, type Services } from '@millrace/sdk';
import { fileError } from './file-error.js';
import type { FilePosition } from './file-reader.js';
import { beginsAsBefore } from './fingerprint.js';
import { findFiles, isPattern, splitPattern } from './glob.js';

/** Names of the files a path or pattern means, in sorted order. Throws when there is none. `follow`: a single file may come later. */
export function partitionsOf(path: string, services: Services, follow: boolean): readonly string[] {
  if (!isPattern(path) || isFile(services.resolvePath(path))) {
    const absolute = services.resolvePath(path);
    const stats = statSync(absolute, { throwIfNoEntry: false });
    if (stats === undefined) {
      if (!follow || !isFolder(dirname(absolute))) throw notFound(path, dirname(absolute), [basename(absolute)]);
    } else if (stats.isDirectory()) throw isAFolder(path);
    else if (!stats.isFile()) throw notRegular(path);
    return [path];
  }
  const { folder, segments } = splitPattern(path);
  const root = services.resolvePath(folder === '' ? '.' : folder);
  if (!isFolder(root)) throw notFound(path, root, segments);
  const files = findFiles(root, segments)
    .map((file) => (folder === '' ? file : folder === '/' ? `/${file}` : `${folder}/${file}`))
    .filter((file) => isFile(services.resolvePath(file)));
  if (files.length === 0) throw notFound(path, root, segments);
  return files;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Opens a regular file for reading, at the position of an earlier commit if there is one: it must still be the same file. */
export function openRegular(path: string, absolute: string, from: FilePosition | undefined): number {
  let fd: number;
  try {
    fd = openSync(absolute, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw notFound(path, dirname(absolute), [basename(absolute)]);
    throw fileError(error, path, 'opened');
  }
  const stats = fstatSync(fd);
  if (!stats.isFile()) {
    closeSync(fd);
    throw stats.isDirectory() ? isAFolder(path) : notRegular(path);
  }
  if (from !== undefined && !(beginsAsBefore(fd, from.fingerprint) && stats.size >= from.size)) {
    closeSync(fd);
    throw new MillraceError(
      `"${path}" is no longer the file that was being read (${from.offset} bytes of it are done).`,
      {
        code: 'FILE_CHANGED',
        params: { file: path, offset: from.offset },
        hint: 'Put the file back as it was to go on, or start a new run to read the new one from its beginning.',
      },
    );
  }
  return fd;
}

function notFound(path: string, folder: string, wanted: readonly string[]): MillraceError {
  const what = isPattern(path) ? `No file fits "${path}"` : `There is no file "${path}"`;
  if (!isFolder(folder)) {
    return new MillraceError(`${what}: the folder ${folder} does not exist.`, {
      code: 'FILE_NOT_FOUND',
      params: { file: path, folder },
      hint: 'Relative paths start at the folder of the graph.',
    });
  }
  const names = readdirSync(folder).sort();
  const shown = names.slice(0, 10).join(', ') + (names.length > 10 ? `, and ${names.length - 10} more` : '');
  return new MillraceError(`${what}: ${wanted.join('/')} is not in ${folder}, which holds ${shown || 'nothing'}.`, {
    code: 'FILE_NOT_FOUND',
    params: { file: path, folder },
    hint: 'Correct the path in the source, or put the file there.',
  });
}

function isAFolder(path: string): MillraceError {
  return new MillraceError(`"${path}" is a folder.`, {
    code: 'FILE_IS_FOLDER',
    params: { file: path },
    hint: `Name a file in it, or all of one kind: ${path.replace(/\/$/, '')}/*.ndjson.`,
  });
}

function notRegular(path: string): MillraceError {
  return new MillraceError(`"${path}" is a device, pipe or socket, not a file.`, {
    code: 'FILE_NOT_REGULAR',
    params: { file: path },
    hint: 'Name a regular file.',
  });
}
