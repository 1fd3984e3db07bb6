export * from './time/calendar';
export * from './policy/configuration';
export * from './policy/regime';
export * from './facts/envelope';
export * from './customer/evidence';
export * from './customer/standing';
