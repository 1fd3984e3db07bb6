import { answerInThread } from '../../threads/answer-in-thread';
import { partComparer } from './part-comparer';

/** The body of one comparing thread: reads the spill, writes nothing. */
answerInThread(partComparer);
