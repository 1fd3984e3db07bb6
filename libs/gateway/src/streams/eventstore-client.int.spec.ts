import { eventstoreClient } from '../server/testing/eventstore-client';
import { specifyAppends } from './testing/append-specification';
import { specifyReads } from './testing/read-specification';
import { specifySubscriptions } from './testing/subscribe-specification';

describe('@eventstore/db-client on the gateway', () => {
  specifyAppends(eventstoreClient);
  specifyReads(eventstoreClient);
  specifySubscriptions(eventstoreClient);
});
