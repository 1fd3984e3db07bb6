import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Instant } from '@afecto/domain';
import { compiledWorkspace, endsWithTheTest } from '../../../gateway/src/testing/gateway-process';
import type { GivenAfecto } from './given-afecto';

/** A process of its own that erases at an instant, killed right before or after a step. */
export const killedAt = async (
  { settings }: GivenAfecto,
  now: Instant,
  step: string,
  moment: string,
  what: 'party' | 'expired' = 'party',
): Promise<void> => {
  const { fileOf, environment } = compiledWorkspace();
  const { eventStore, readModels, quarantine } = settings;
  const child = endsWithTheTest(
    spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        fileOf('libs/application/src/testing/erase-and-die.ts'),
        ...[eventStore, readModels, quarantine, String(now), step, moment, what],
      ],
      { env: { ...process.env, ...environment, NODE_OPTIONS: '' }, stdio: ['ignore', 'ignore', 'inherit'] },
    ),
  );
  const [, signal]: ReadonlyArray<unknown> = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
};
