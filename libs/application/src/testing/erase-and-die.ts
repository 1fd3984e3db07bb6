import { KeyStore } from '@afecto/privacy';
import { ProjectionEngine } from '@afecto/projections';
import * as E from 'fp-ts/Either';
import { openAfecto } from '../system/open';
import { OPERATOR } from './given-afecto';

/** Erases a party, or what has expired, and ends as by `kill -9` right before or after one of the steps. */
const [eventStore = '', readModels = '', quarantine = '', now = '0', step = '', moment = '', what = 'party'] =
  process.argv.slice(2);

const die = (): void => {
  process.kill(process.pid, 'SIGKILL');
};

const dieAt = <Target extends object>(target: Target, method: keyof Target & string): void => {
  const original: unknown = Reflect.get(target, method);
  if (typeof original !== 'function') throw new Error(`there is no ${method}`);
  const arranged = function (this: unknown, ...args: ReadonlyArray<unknown>): unknown {
    if (moment === 'before') die();
    const outcome: unknown = Reflect.apply(original, this, args);
    if (outcome instanceof Promise) return outcome.then(die);
    die();
    return outcome;
  };
  Reflect.set(target, method, arranged);
};

const main = async (): Promise<void> => {
  const opened = await openAfecto({ eventStore, readModels, quarantine, now: () => Number(now) });
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  if (step === 'forgetPersonalData') dieAt(ProjectionEngine.prototype, step);
  else if (step === 'erase' || step === 'finish') dieAt(KeyStore.prototype, step);
  if (what === 'expired') {
    await opened.right.expiries.expire(Number(now));
    return;
  }
  const body = { partyId: 'ana', evidenceRef: 'passport', basis: 'request' };
  await opened.right.commands.execute({ name: 'ErasePersonalData', body, commandId: 'erase-ana', actor: OPERATOR });
};

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 2;
});
