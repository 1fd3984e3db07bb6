/** The door of the commands: what can be asked, what must be known to decide, and what is refused. */
export * from './definition';
export * from './errors';
export { factForbidden, factsDecidedBy, rolesToTell } from './fact-permission';
export { hasRole, latestOccurrence } from './guards';
export { factKeyOf, idFromCommand } from './identity';
export { type JsonSchema, jsonSchemaOf } from './json-schema';
export * from './knowledge';
export * from './registry';
export type { PricedOffer } from '../offer/price-conflict';
export { normaliseIdentifier } from '../party/identifier';
export { outcomesOf } from '../work-item/outcomes';
