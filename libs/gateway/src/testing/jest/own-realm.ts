import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment';
import { TestEnvironment } from 'jest-environment-node';

/**
 * Jest's environment for Node, for test files with the client of KurrentDB. Its messages and those of the
 * client of EventStoreDB go by the same names in one global object, `proto` (google-protobuf): loaded into
 * one realm, the second client replaces the messages of the first.
 */
class OwnRealm extends TestEnvironment {
  constructor(configuration: JestEnvironmentConfig, context: EnvironmentContext) {
    super(configuration, context);
    Reflect.deleteProperty(this.global, 'proto');
  }
}

export default OwnRealm;
