import { EventStoreDBClient } from '@eventstore/db-client';
import { consumingSpecification } from './testing/consuming-specification';
import { managingSpecification } from './testing/managing-specification';
import type { ClientUnderTest } from './testing/official-clients';

const client: ClientUnderTest = {
  name: '@eventstore/db-client',
  connect: (authority) => EventStoreDBClient.connectionString(`esdb://${authority}`),
};

consumingSpecification(client);
managingSpecification(client);
