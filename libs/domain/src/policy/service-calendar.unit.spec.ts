import { given, iso } from '../command/given-when-then';
import type { BusinessHours, OpenWindow } from '../time/business-hours';
import { activateConfiguration } from './activate-configuration';
import { type Configuration, defaultConfiguration } from './configuration';

const officer = { actor: { kind: 'agent', id: 'officer', roles: ['revenue_officer'] } } as const;
const day = [{ from: '09:00', to: '18:00' }];
const hours = (monday: ReadonlyArray<OpenWindow>, others: ReadonlyArray<OpenWindow> = day): BusinessHours => ({
  timeZone: 'Europe/Madrid',
  weekdays: {
    monday,
    tuesday: others,
    wednesday: others,
    thursday: others,
    friday: others,
    saturday: [],
    sunday: [],
  },
  holidays: ['2026-12-25'],
});
const document = <Calendar>(calendar?: Calendar) => ({
  ...defaultConfiguration,
  version: 1,
  service: calendar === undefined ? defaultConfiguration.service : { ...defaultConfiguration.service, calendar },
});
const activation = <Config>(config: Config) => ({ version: 1, effectiveFrom: iso(), config });

describe('business hours in the configuration (domain.md §10.4)', () => {
  it('there are none by default, and a document without them is accepted as before', () => {
    const configuration: Configuration = defaultConfiguration;
    expect(configuration.service.calendar).toBeUndefined();
    given().when(activateConfiguration, activation(document()), officer).thenAccepted();
  });

  it('several windows a day, closed days and holidays are accepted and stored as they are', () => {
    const calendar = hours([
      { from: '00:00', to: '14:00' },
      { from: '14:00', to: '24:00' },
    ]);
    given()
      .when(activateConfiguration, activation(document(calendar)), officer)
      .then([
        'ConfigurationActivated',
        activation({ ...document(), service: { ...defaultConfiguration.service, calendar } }),
        [],
      ]);
  });

  it.each([
    ['a time that no clock shows', hours([{ from: '09:60', to: '18:00' }]), '/weekdays/monday/0/from'],
    ['a time after the end of the day', hours([{ from: '09:00', to: '24:01' }]), '/weekdays/monday/0/to'],
    ['an hour without a leading zero', hours([{ from: '9:00', to: '18:00' }]), '/weekdays/monday/0/from'],
    ['a window that ends when it begins', hours([{ from: '09:00', to: '09:00' }]), '/weekdays/monday/0/to'],
    ['a window over midnight', hours([{ from: '22:00', to: '06:00' }]), '/weekdays/monday/0/to'],
    [
      'windows that overlap',
      hours([
        { from: '09:00', to: '14:00' },
        { from: '13:59', to: '18:00' },
      ]),
      '/weekdays/monday/1/from',
    ],
    ['hours of which nothing is ever open', hours([], []), '/weekdays'],
    ['less than an hour a week', hours([{ from: '09:00', to: '09:59' }], []), '/weekdays'],
    ['an unknown time zone', { ...hours(day), timeZone: 'Mars/Olympus' }, '/timeZone'],
    ['a holiday that is no day', { ...hours(day), holidays: ['2026-02-30'] }, '/holidays/0'],
    ['a weekday that is not stated', { ...hours(day), weekdays: { monday: day } }, '/weekdays/tuesday'],
  ])('%s is refused by its path', (_, calendar, path) => {
    given()
      .when(activateConfiguration, activation(document(calendar)), officer)
      .thenRefused('ConfigInvalid', { path: `/config/service/calendar${path}` });
  });

  it('a key that the hours do not have is refused before anything else', () => {
    given()
      .when(activateConfiguration, activation(document({ ...hours(day), open: true })), officer)
      .thenRefused('ValidationFailed', { path: '/config/service/calendar/open' });
  });
});
