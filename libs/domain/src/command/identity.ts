import { v5 } from 'uuid';
import { EVENT_NAMESPACE } from '../facts/attributes';

/** Key of the nth fact of a command; sorts in the order of decision (`domain.md §1`). */
export const factKeyOf = (commandId: string, index: number): string => `${commandId}.${String(index).padStart(3, '0')}`;

/** Id for what a command creates when the client named none; a repeat of the command gives the same. */
export const idFromCommand = (commandId: string, concept: string): string =>
  v5(JSON.stringify(['command', commandId, concept]), EVENT_NAMESPACE);
