export { type Announced, type AnnouncedItem, announcedOf } from './announced';
export { type MajorityWarning, majorityWarnings, warningsBetween } from './majority-warnings';
export {
  campaignNotificationStreamOf,
  claimIdOf,
  isNotificationType,
  type Notification,
  notificationEventOf,
  notificationStreamOf,
  type NotificationType,
  notificationTypes,
} from './notification';
export { type After, type Before, notificationsBetween, takenBackAfter, type Telling } from './notifications-between';
export { notificationToCloudEvent } from './published';
