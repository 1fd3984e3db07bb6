import { askedProcess } from '../../../../../libs/gateway/src/testing/kept/asked-process';
import type { Ended } from '../given-program';
import type { Line } from '../resident';

/** Runs command lines one after another, in a process that has run those of other tests before. */
export const askCommand = askedProcess<Line, Ended>('apps/cli/src/testing/resident.ts');
