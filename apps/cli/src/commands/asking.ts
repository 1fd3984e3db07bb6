import { type Answers, createAnswers, type OpenFailure, openReadModels } from '@afecto/application';
import { ProjectionEngine } from '@afecto/projections';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { project } from './project';

export interface Asking {
  readonly answers: Answers;
  readonly position: bigint;
  readonly close: () => Promise<void>;
}

/**
 * Opens the read models to ask them. When nobody holds the log they are first brought up to it; when
 * a server does, it keeps them so, and they are read beside it.
 */
export const openToAsk = async (settings: CommandSettings): Promise<E.Either<OpenFailure, Asking>> => {
  const projected = await project(settings, { shown: !settings.json, signal: new AbortController().signal });
  if (E.isLeft(projected) && projected.left.code !== 'StoreHeld') return projected;
  const models = await openReadModels(settings.readModels);
  if (E.isLeft(models)) return models;
  const readModels = models.right;
  const engine = await ProjectionEngine.over(readModels);
  return E.right({
    answers: createAnswers({ engine, readModels, now: settings.now }),
    position: engine.at.position,
    close: () => readModels.close(),
  });
};
