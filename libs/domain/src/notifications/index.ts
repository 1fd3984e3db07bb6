export { type Announced, type AnnouncedItem, announcedOf } from './announced';
export {
  claimIdOf,
  isNotificationType,
  type Notification,
  notificationEventOf,
  notificationStreamOf,
  type NotificationType,
  notificationTypes,
} from './notification';
export { type After, type Before, notificationsBetween, takenBackAfter } from './notifications-between';
export { notificationToCloudEvent } from './published';
