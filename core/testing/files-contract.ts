import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Files } from '../platform/files.ts';

export interface FilesUnderTest {
  readonly files: Files;
  /** An existing, empty folder. */
  readonly folder: string;
  dispose(): Promise<void>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What every implementation of the files seam must do. */
export function describeFiles(name: string, prepare: () => Promise<FilesUnderTest>): void {
  describe(name, () => {
    let files: Files;
    let folder: string;
    let dispose: () => Promise<void>;

    beforeEach(async () => {
      ({ files, folder, dispose } = await prepare());
    });

    afterEach(() => dispose());

    const textOf = async (path: string): Promise<string | undefined> => {
      const content = await files.read(path);
      return content && new TextDecoder().decode(content);
    };

    it('makes folders with those above, twice without harm', async () => {
      const deep = join(folder, 'a/b');
      await files.makeFolder(deep);
      await files.makeFolder(deep);
      await files.writeWhole(join(deep, 'x'), []);
      expect(await files.list(join(folder, 'a'))).toEqual(['b']);
      expect(await files.list(deep)).toEqual(['x']);
    });

    it('has nothing where nothing is', async () => {
      expect(await files.list(join(folder, 'none'))).toEqual([]);
      expect(await files.read(join(folder, 'none'))).toBeUndefined();
      await files.remove(join(folder, 'none'));
    });

    it('writes a file whole, over an old one, and leaves nothing beside it', async () => {
      const path = join(folder, 'whole');
      await files.writeWhole(path, [bytes('a longer text')]);
      await files.writeWhole(path, [bytes('ab'), bytes(''), bytes('c')]);
      expect(await textOf(path)).toBe('abc');
      expect(await files.list(folder)).toEqual(['whole']);
    });

    it('creates a file for one caller only', async () => {
      const path = join(folder, 'exclusive');
      const texts = ['1', '2', '3', '4'];
      const created = await Promise.all(texts.map((text) => files.createExclusive(path, text)));
      expect(created.filter(Boolean)).toHaveLength(1);
      expect(await textOf(path)).toBe(texts[created.indexOf(true)]);
      expect(await files.list(folder)).toEqual(['exclusive']);
    });

    it('appends, cuts back and goes on', async () => {
      const path = join(folder, 'log');
      const file = await files.openAppend(path);
      await file.append(bytes('hello '));
      await file.append(bytes('wor'));
      expect(file.length).toBe(9);
      await file.cut(6);
      expect(file.length).toBe(6);
      await file.append(bytes('you'));
      await file.sync();
      await file.close();
      expect(await textOf(path)).toBe('hello you');
    });

    it('goes on behind what a file has', async () => {
      const path = join(folder, 'log');
      await files.writeWhole(path, [bytes('old')]);
      const file = await files.openAppend(path);
      expect(file.length).toBe(3);
      await file.append(bytes('new'));
      await file.close();
      expect(await textOf(path)).toBe('oldnew');
      await files.truncate(path, 4);
      expect(await textOf(path)).toBe('oldn');
    });

    it('renames over an old file, and removes files and folders', async () => {
      await files.makeFolder(join(folder, 'sub'));
      await files.writeWhole(join(folder, 'sub/a'), [bytes('a')]);
      await files.writeWhole(join(folder, 'b'), [bytes('b')]);
      await files.rename(join(folder, 'sub/a'), join(folder, 'b'));
      expect(await textOf(join(folder, 'b'))).toBe('a');
      expect(await files.list(join(folder, 'sub'))).toEqual([]);
      await files.remove(join(folder, 'sub'));
      await files.remove(join(folder, 'b'));
      expect(await files.list(folder)).toEqual([]);
    });

    it('reads a part of a file, less where it ends, and nothing of none', async () => {
      const path = join(folder, 'x');
      await files.writeWhole(path, [bytes('0123'), bytes('456789')]);
      const part = async (offset: number, length: number): Promise<string | undefined> => {
        const content = await files.readRange(path, offset, length);
        return content && new TextDecoder().decode(content);
      };
      expect(await part(0, 10)).toBe('0123456789');
      expect(await part(3, 4)).toBe('3456');
      expect(await part(8, 100)).toBe('89');
      expect(await part(10, 5)).toBe('');
      expect(await part(50, 5)).toBe('');
      expect(await part(2, 0)).toBe('');
      expect(await files.readRange(join(folder, 'none'), 0, 1)).toBeUndefined();
      (await files.readRange(path, 0, 10))?.fill(0);
      expect(await part(0, 2)).toBe('01');
    });

    it('gives a copy: what a reader does to it changes no file', async () => {
      const path = join(folder, 'x');
      await files.writeWhole(path, [bytes('abc')]);
      (await files.read(path))?.fill(0);
      expect(await textOf(path)).toBe('abc');
    });

    it('says ENOENT when the folder is missing', async () => {
      const path = join(folder, 'none/x');
      const missing = { code: 'ENOENT' };
      await expect(files.openAppend(path)).rejects.toMatchObject(missing);
      await expect(files.createExclusive(path, '')).rejects.toMatchObject(missing);
      await expect(files.writeWhole(path, [])).rejects.toMatchObject(missing);
      await expect(files.rename(path, join(folder, 'y'))).rejects.toMatchObject(missing);
      await expect(files.truncate(path, 0)).rejects.toMatchObject(missing);
    });

    it('refuses to use a closed file', async () => {
      const file = await files.openAppend(join(folder, 'x'));
      await file.close();
      await expect(file.append(bytes('x'))).rejects.toMatchObject({ code: 'EBADF' });
    });
  });
}
