export * from './time/calendar';
export * from './time/business-hours';
export * from './time/months';
export * from './facts';
export * from './policy/configuration';
export { configurationFaults } from './policy/configuration-validity';
export * from './policy/plan';
export * from './policy/regime';
export * from './policy/fold-regime';
export * from './membership/points';
export * from './policy/points-rules';
export * from './party/links';
export * from './consent/contactable';
export * from './relationship';
export * from './loyalty';
export * from './value';
export * from './lifecycle';
export * from './queues';
export * from './service-request';
export * from './customer';
export * from './notifications';
export { openObligations } from './privacy/open-obligations';
export * from './command';
// Two rooms have a function of these names; outside, the one over all links is meant.
export { membersOf, rootOf } from './party/links';
// `command` has one over the actor; outside, the role of a party is meant.
export { hasRole } from './relationship';
