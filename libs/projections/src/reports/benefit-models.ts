import { adoptionFigures } from '../recording/adoption';
import { leverFigures } from '../training/levers';
import type { Model } from './definition';
import { indicator } from './indicator';
import { is } from './indicators';

const waiting = indicator('Waits to be attended, seconds', leverFigures, 'waiting');

/** What the source documents say that managing relationships takes, brings and costs, as it is measured (`domain.md §12.2`). */
export const benefitModels: ReadonlyArray<Model> = [
  {
    name: 'variables',
    title: 'The three variables: human resources, technology, processes',
    steps: [
      {
        name: 'Human resources',
        spanish: 'recursos humanos',
        software: 'Agents with their contacts, outcomes and goals; conduct; who records what, month by month',
        indicators: [is.agents, is.goals, is.conduct, indicator('Who records, by month', adoptionFigures, 'trend')],
      },
      {
        name: 'Technology',
        spanish: 'tecnología',
        software: 'Health of the system and of its channels, and how many come online, month by month',
        indicators: [is.behind, is.deadLetters, is.channels, is.onlineTrend],
      },
      {
        name: 'Processes',
        spanish: 'procesos',
        software: 'Times from request to solution, from enquiry to order, and waits',
        indicators: [is.clock, is.serviceMissed, is.resolved, is.salesCycle, waiting],
      },
    ],
  },
  {
    name: 'arc',
    title: 'Components of managing relationships (ARC)',
    steps: [
      {
        name: 'Value creation',
        spanish: 'creación de valor',
        software: 'What customers receive beside what the firm receives',
        indicators: [is.benefits, is.bonds, is.lifetimeValue],
      },
      {
        name: 'Multichannel integration',
        spanish: 'integración multicanal',
        software: 'One timeline, channel health and the rules of consistency',
        indicators: [is.channels, is.prices, is.answers, is.reAsked, is.sameTruth],
      },
      {
        name: 'Information management',
        spanish: 'gestión de la información',
        software: 'What is known, at once and at all contact points',
        indicators: [is.facts, is.behind, is.validData],
      },
      {
        name: 'Evaluation of performance',
        spanish: 'evaluación del desempeño',
        software: 'Satisfaction, retention and return',
        indicators: [is.satisfaction, is.nps, is.retention, is.campaigns],
      },
    ],
  },
  {
    name: 'benefits',
    title: 'Benefits, for the firm and for the customer',
    steps: [
      {
        name: 'Cheaper contacts',
        spanish: 'menor costo de contacto',
        software: 'Cost to serve over contacts; customers who come online',
        indicators: [is.costPerContact, is.onlineTrend],
      },
      {
        name: 'Repurchase and cross-selling',
        spanish: 'recompra y ventas cruzadas',
        software: 'Customers who order again, and of further lines',
        indicators: [is.repeat, is.crossSell, is.cohorts],
      },
      {
        name: 'Acquisition',
        spanish: 'adquisición',
        software: 'New customers, how enquiries end and how long that takes, and who was brought by others',
        indicators: [is.newCustomers, is.conversion, is.salesCycle, is.referrals],
      },
      {
        name: 'Losses prevented',
        spanish: 'prevención de pérdidas',
        software: 'Saved and lost, and what the lost had brought',
        indicators: [is.saves, is.lost, is.revenueLost, is.revenueChurn],
      },
      {
        name: 'Efficiency',
        spanish: 'eficiencia',
        software: 'Work that we began, and solutions in half the time',
        indicators: [is.proactive, is.ahead, is.firstContact],
      },
      {
        name: 'For the customer',
        spanish: 'para el cliente',
        software: 'Security of its data, attention of its own, points of contact, and nothing asked twice',
        indicators: [is.consents, is.requests, is.personalised, is.contacts, is.reAsked],
      },
    ],
  },
  {
    name: 'costs',
    title: 'Costs, to the firm and to the customer',
    steps: [
      {
        name: 'To the firm',
        spanish: 'para la empresa',
        software: 'The ledger of costs by kind: service, compensation, rewards, retention; campaigns with their return',
        indicators: [is.costs, is.costPerContact, is.costRatio, is.campaigns],
      },
      {
        name: 'To the customer',
        spanish: 'para el cliente',
        software: 'Privacy, effort and time',
        indicators: [is.requests, is.effort, waiting, is.complaints],
      },
    ],
  },
];
