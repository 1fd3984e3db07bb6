import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment';
import { TestEnvironment } from 'jest-environment-node';
import vm, { type Context } from 'node:vm';

const { createContext, compileFunction } = vm;

/** A context whose global object is an ordinary one. */
const plainContext = (): Context => createContext(vm.constants.DONT_CONTEXTIFY);

/** Compiles a module without a callback for `import()`; ES modules bring their own and are not compiled here. */
const compileWithoutImport: typeof compileFunction = (source, names, options) => {
  const { importModuleDynamically: _callback, ...others } = options ?? {};
  return compileFunction(source, names, others);
};

// For every file of this process: the code of a test file is compiled long after its environment was made.
Object.assign(vm, { compileFunction: compileWithoutImport });

/**
 * Jest's environment for Node with two differences.
 *
 * The global object that a test file sees is an ordinary one. Jest's own stands behind an interceptor and
 * a proxy, which every `Buffer`, `Map` or `Error` in the code goes through, at each use: specs that compute
 * take a third more time with it.
 *
 * CommonJS modules are compiled without a callback for `import()`, which no code under test calls. With
 * `--experimental-vm-modules` that callback keeps every test file's modules in memory until the worker
 * ends: 2 to 20 MB a file, gigabytes over a run, and most of the time goes into collecting them.
 */
class PlainGlobals extends TestEnvironment {
  constructor(configuration: JestEnvironmentConfig, context: EnvironmentContext) {
    Object.assign(vm, { createContext: plainContext });
    try {
      super(configuration, context);
    } finally {
      Object.assign(vm, { createContext });
    }
  }
}

export default PlainGlobals;
