/** The door of the facts: what can happen, how it comes in, how it is kept and how it goes out. */
export * from './attributes';
export * from './catalogue';
export * from './channels';
export * from './cloud-events';
export { isId, isInstant } from './codec';
export { decodeLenient, decodeStrict, type FieldError, personalPaths, pointer, shown, under } from './decode';
export * from './envelope';
export * from './published';
export { decodeStored, factFromStored, type FactMetadata, type Json, type NewFact, type NewFactOf } from './stored';
export { type NewStoredEvent, recordedInstantOf, type StoredFactEvent, toNewEvent } from './stored';
export { type AnyCodec, type PersonalClass, personalClasses, type PersonalMark } from './codec';
export {
  ERASED,
  type Erased,
  type Hidden,
  isErased,
  isHidden,
  isRecord,
  isSealed,
  type SealedValue,
} from './structure';
export { upcast, upcastersOf } from './upcasting';

export * from '../account/events';
export * from '../campaign/events';
export * from '../complaint/events';
export * from '../consent/events';
export * from '../defection/events';
export * from '../enquiry/events';
export * from '../failure/events';
export * from '../interaction/events';
export * from '../membership/events';
export * from '../offer/events';
export * from '../order/events';
export * from '../party/events';
export * from '../policy/events';
export * from '../privacy/events';
export * from '../promise/events';
export * from '../referral/events';
export * from '../service-request/events';
export * from '../survey/events';
export * from '../work-item/events';
