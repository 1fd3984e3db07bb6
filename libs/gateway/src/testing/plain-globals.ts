import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment';
import { TestEnvironment } from 'jest-environment-node';
import vm, { type Context } from 'node:vm';

const { createContext } = vm;

/** A context whose global object is an ordinary one. */
const plainContext = (): Context => createContext(vm.constants.DONT_CONTEXTIFY);

/**
 * Jest's environment for Node with one difference: the global object that a test file sees is an ordinary
 * one. Jest's own stands behind an interceptor and a proxy, which every `Buffer`, `Map` or `Error` in the
 * code goes through, at each use: specs that compute take a third more time with it.
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
