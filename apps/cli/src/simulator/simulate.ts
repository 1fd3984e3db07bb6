import { type Instant } from '@afecto/domain';
import { type CloudEvent, compareByTime } from '../import/cloud-event';
import { maybeComplain } from './complaints';
import { type Customer, customersOf } from './customers';
import { maybeLeave } from './departures';
import { addProspects, addReferrals } from './prospects';
import { consent, identify, joinProgramme, welcome } from './relationship';
import { serveOrder } from './service';
import { minutes, Touchpoints } from './touchpoints';
import { askInWaves, hearAboutOrder } from './voice';

export interface SimulationOptions {
  /** The same seed and the same orders give the same facts, byte for byte. */
  readonly seed: number;
  /** End of the data: nothing is simulated beyond it. */
  readonly endsAt: Instant;
}

/** Everything that a customer's orders bring with them, from the first to the goodbye. */
export const live = (touchpoints: Touchpoints, customer: Customer): void => {
  const firstAt = customer.orders[0].placedAt;
  identify(touchpoints, customer, firstAt + minutes(1));
  consent(touchpoints, customer, firstAt + minutes(2), customer.allowsSurveys);
  welcome(touchpoints, customer);
  for (const order of customer.orders) {
    const felt = hearAboutOrder(touchpoints, customer, order);
    maybeComplain(touchpoints, customer, order, felt);
    serveOrder(touchpoints, customer, order);
  }
  askInWaves(touchpoints, customer);
  joinProgramme(touchpoints, customer);
  maybeLeave(touchpoints, customer);
};

/**
 * What orders alone do not tell: contacts, surveys, complaints, requests, promises, memberships,
 * goodbyes, prospects. Every fact is marked `source: simulator`; none is an order. Sorted by time.
 */
export const simulateTouchpoints = (
  orders: Iterable<CloudEvent>,
  { seed, endsAt }: SimulationOptions,
): ReadonlyArray<CloudEvent> => {
  const touchpoints = new Touchpoints(endsAt);
  const customers = customersOf(orders, seed);
  for (const customer of customers) live(touchpoints, customer);
  addProspects(touchpoints, seed);
  addReferrals(touchpoints, customers, seed);
  return [...touchpoints.facts].sort(compareByTime);
};
