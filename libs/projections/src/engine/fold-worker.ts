import { openingIn } from '@afecto/privacy';
import { answerInThread } from '../threads/answer-in-thread';
import { type FoldedPart, partFolder, type SpilledLog } from './fold-customers';

/** The body of one folding thread: reads the spill, writes nothing. */
answerInThread(
  (log: SpilledLog) => partFolder(log, openingIn(log.keyFiles)),
  ({ ledgers }: FoldedPart) => [ledgers.places.buffer],
);
