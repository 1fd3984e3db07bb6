import { createScriptTransformer } from '@jest/transform';
import { existsSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import circus, { type RunTestFile, type Runtime } from 'jest-circus/runner';

const load = createRequire(__filename);

/** Sources that this worker has compiled, with the file of their source map; Jest asks the map of each test file. */
const sourceMaps = new Map<string, string>();
let ofTheTestFile = sourceMaps;

/** The file that a TypeScript file means by a path without an ending. */
const sourceAt = (path: string, from: string | undefined): string | undefined => {
  if (from === undefined || !from.endsWith('.ts')) return undefined;
  const place = join(dirname(fileURLToPath(from)), path);
  return [`${place}.ts`, join(place, 'index.ts')].find((file) => existsSync(file));
};

/** Names of libraries (`@afecto/domain`) lead to their sources, and sources are compiled as Jest compiles them. */
const readSources = async (config: Parameters<RunTestFile>[1]): Promise<void> => {
  const transformer = await createScriptTransformer(config);
  const doors = config.moduleNameMapper.map(([name, file]) => ({ name: new RegExp(name), file }));
  const compiled = (file: string): string => {
    const { code, sourceMapPath } = transformer.transform(file, {
      collectCoverage: false,
      collectCoverageFrom: [],
      coverageProvider: 'v8',
      supportsDynamicImport: true,
      supportsExportNamespaceFrom: false,
      supportsStaticESM: false,
      supportsTopLevelAwait: false,
    });
    if (sourceMapPath !== null && sourceMapPath !== '') {
      sourceMaps.set(file, sourceMapPath);
      ofTheTestFile.set(file, sourceMapPath);
    }
    return code;
  };
  registerHooks({
    resolve: (name, context, next) => {
      const door = doors.find((one) => one.name.test(name));
      if (door !== undefined) return next(name.replace(door.name, door.file), context);
      const source = name.startsWith('.') ? sourceAt(name, context.parentURL) : undefined;
      return next(source ?? name, context);
    },
    load: (url, context, next) =>
      url.startsWith('file:') && url.endsWith('.ts')
        ? { format: 'commonjs', source: compiled(fileURLToPath(url)), shortCircuit: true }
        : next(url, context),
  });
};

/** Of the worker: its first test file starts it. */
let ready: Promise<void> | null = null;

const TESTING = `${sep}testing${sep}`;
const KEPT = `${TESTING}kept${sep}`;
const LIBRARIES = `${sep}node_modules${sep}`;
const isOfTheTests = (file: string): boolean => file.includes(TESTING) && !file.includes(KEPT);

/**
 * Forgets a test file, whatever is in a folder `testing`, and what imports that: they register hooks when
 * they are loaded and keep folders, processes and servers until their test file has ended. What a worker
 * keeps for all its test files is in `testing/kept`. The rest is the system under test and its libraries;
 * no module of theirs keeps anything that a test could see. Whoever watches changes them: then they go too.
 */
const forget = (testPath: string, isWatched: boolean): void => {
  const runner = load.cache[__filename];
  // All that is loaded, and not what the test file has loaded: one that failed to load is not there any more.
  const ours = Object.values(load.cache).filter(
    (module): module is NodeModule => module !== undefined && module !== runner && !module.filename.includes(LIBRARIES),
  );
  const isOwn = ({ filename }: NodeModule): boolean => isWatched || filename === testPath || isOfTheTests(filename);
  const stale = new Set(ours.filter(isOwn));
  for (let before = -1; before !== stale.size;) {
    before = stale.size;
    for (const module of ours) if (module.children.some((child) => stale.has(child))) stale.add(module);
  }
  for (const { filename } of stale) Reflect.deleteProperty(load.cache, filename);
  if (runner !== undefined) runner.children = runner.children.filter((child) => !stale.has(child));
};

/**
 * Jest's own runner of a test file, with one difference: the system under test is loaded once for all test
 * files of a worker, by Node itself, and stays compiled. Jest loads everything anew for each file, in a
 * context of its own: 0.1 to 1 second a file, and the code is slow again until it has run often enough.
 */
const runTestFile: RunTestFile = async (globalConfig, config, environment, runtime, testPath, sendMessageToJest) => {
  ready ??= readSources(config);
  await ready;
  const native: Runtime = Object.create(runtime, {
    requireModule: { value: (path: string) => load(path) },
    requireInternalModule: {
      value: (path: string) => {
        Reflect.deleteProperty(load.cache, path);
        return load(path);
      },
    },
  });
  ofTheTestFile = runtime.getSourceMaps();
  for (const [file, map] of sourceMaps) ofTheTestFile.set(file, map);
  try {
    return await circus(globalConfig, config, environment, native, testPath, sendMessageToJest);
  } finally {
    forget(testPath, globalConfig.watch || globalConfig.watchAll);
  }
};

export default runTestFile;
