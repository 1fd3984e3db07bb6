import type { QueueId } from '../customer/standing';
import { conversion } from './conversion';
import { deliverBasics } from './deliver-basics';
import { manageDissatisfaction } from './manage-dissatisfaction';
import { retention } from './retention';
import type { QueueRule } from './rule';
import { targeting } from './targeting';
import { valueDevelopment } from './value-development';
import { welcome } from './welcome';
import { winBack } from './win-back';

/** The eight activities (`domain.md §11.1`). */
export const queueRules: Readonly<Record<QueueId, QueueRule>> = {
  Q1: manageDissatisfaction,
  Q2: winBack,
  Q3: targeting,
  Q4: conversion,
  Q5: welcome,
  Q6: deliverBasics,
  Q7: retention,
  Q8: valueDevelopment,
};

/** Reactive queues first: what they open suppresses the proactive ones, these in their precedence (§11.4). */
export const rulesInOrder: ReadonlyArray<QueueRule> = [
  manageDissatisfaction,
  deliverBasics,
  conversion,
  winBack,
  retention,
  welcome,
  valueDevelopment,
  targeting,
];

/** Names of the activities in addresses (`interfaces.md`, Queries). */
export const activityNames: Readonly<Record<QueueId, string>> = {
  Q1: 'manage-dissatisfaction',
  Q2: 'win-back',
  Q3: 'targeting',
  Q4: 'conversion',
  Q5: 'welcome',
  Q6: 'deliver-basics',
  Q7: 'retention',
  Q8: 'value-development',
};

/** Whether items of the queue obey exclusivity and contact rules (`domain.md §11.1`, group). */
export const isProactive = (queue: QueueId): boolean => queueRules[queue].proactive;
