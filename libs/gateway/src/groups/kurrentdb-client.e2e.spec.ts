import { consumingSpecification } from './testing/consuming-specification';
import { managingSpecification } from './testing/managing-specification';
import type { ClientUnderTest } from './testing/official-clients';
// Last: both packages' stubs share one global name, and this client needs its own ones in it.
import { KurrentDBClient } from '@kurrent/kurrentdb-client';

const client: ClientUnderTest = {
  name: '@kurrent/kurrentdb-client',
  connect: (authority) => KurrentDBClient.connectionString(`kurrentdb://${authority}`),
};

consumingSpecification(client);
managingSpecification(client);
