import { temporaryFolder } from '../commands/temporary-folder';

/** Runs `work` in a folder of its own, which goes with it or with the process. */
export const inFolder = async <A>(work: (folder: string) => Promise<A>): Promise<A> => {
  const folder = temporaryFolder('afecto-bench-');
  try {
    return await work(folder.path);
  } finally {
    folder.remove();
  }
};
