import type { Model } from './definition';
import { planFigures } from '../plan/figures';
import { propositionFigures } from '../propositions/figures';
import { benefitModels } from './benefit-models';
import { changeModels } from './change-models';
import { indicator } from './indicator';
import { is } from './indicators';

/** The five models of the source documents and the other frameworks, step by step (`domain.md §12`). */
export const models: ReadonlyArray<Model> = [
  {
    name: 'idic',
    title: 'IDIC: identify, differentiate, interact, customize',
    steps: [
      {
        name: 'Identify',
        spanish: 'identificar',
        software: 'Identity resolution: verified identifiers, merges that can be undone, anonymous orders linked later',
        indicators: [is.verified, is.named, is.identifiedOrders, is.validData],
      },
      {
        name: 'Differentiate',
        spanish: 'diferenciar',
        software: 'Needs beside value: needs known, tier, zone and quadrant of every customer',
        indicators: [is.needs, is.tiers, is.zones, is.segments],
      },
      {
        name: 'Interact',
        spanish: 'interactuar',
        software: 'Eight queues with the next best action; every contact recorded, nothing asked twice',
        indicators: [is.contacts, is.itemsEntered, is.reAsked],
      },
      {
        name: 'Customize',
        spanish: 'personalizar',
        software: 'Preferences applied to offers, orders, channel and time',
        indicators: [is.personalised, is.needsMet],
      },
    ],
  },
  {
    name: 'qci',
    title: 'QCi: eight activities and the seven dimensions around them',
    steps: [
      {
        name: 'Activities',
        spanish: 'actividades',
        software: 'Eight queues from dissatisfaction to development',
        indicators: [is.itemsEntered, is.outcomes, is.proactive, is.saves, is.winBacks, is.conversion],
      },
      {
        name: 'Analysis and planning',
        spanish: 'análisis y planificación',
        software: 'Portfolio review, segments and their worth, and targets of the plan for both and for every queue',
        indicators: [
          is.reviewed,
          is.segments,
          is.pareto,
          indicator('Queues beside their targets', planFigures, 'queues'),
          indicator('Segments beside their targets', planFigures, 'segments'),
        ],
      },
      {
        name: 'Customer proposition',
        spanish: 'propuesta para el cliente',
        software: 'Propositions by segment, with the reasons behind each version; campaigns and offers that cite them',
        indicators: [indicator('Propositions in force', propositionFigures, 'propositions'), is.campaigns, is.needsMet],
      },
      {
        name: 'People and organisation',
        spanish: 'personas y organización',
        software: 'Agents with skills, limits, outcomes and trainings; when customers call',
        indicators: [is.agents, is.goals, is.trained, is.load, is.conduct],
      },
      {
        name: 'Infrastructure',
        spanish: 'infraestructura',
        software: 'One log, projections that follow it, and the quality of what is known',
        indicators: [is.facts, is.behind, is.deadLetters, is.validData],
      },
      {
        name: 'Measuring the effect',
        spanish: 'medición del efecto',
        software: 'Lift and return against a holdout; retention measures by kind',
        indicators: [is.campaigns, is.measures, is.retention],
      },
      {
        name: 'Customer experience',
        spanish: 'experiencia del cliente',
        software: 'Voice of the customer and moments of truth',
        indicators: [is.satisfaction, is.nps, is.effort, is.moments],
      },
      {
        name: 'External environment',
        spanish: 'ambiente externo',
        software: 'Competitors named, reasons to leave, share of wallet',
        indicators: [is.competitors, is.reasons, is.wordOfMouth, is.rivals],
      },
    ],
  },
  {
    name: 'payne',
    title: 'Payne and Frow: five processes',
    steps: [
      {
        name: 'Strategy development',
        spanish: 'desarrollo de la estrategia',
        software:
          'Configuration as policy: versioned, effective-dated, with segments, tiers and a strategy for each phase',
        indicators: [is.configuration, is.phases, is.withoutStrategy, is.segments],
      },
      {
        name: 'Value creation',
        spanish: 'creación de valor',
        software: 'What customers receive beside what the firm receives',
        indicators: [
          is.benefits,
          is.bonds,
          is.contribution,
          is.revenue,
          is.lifetimeValue,
          is.costRatio,
          is.retentionLift,
        ],
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
        software: 'The log, the projections and their quality',
        indicators: [is.facts, is.behind, is.validData],
      },
      {
        name: 'Performance assessment',
        spanish: 'evaluación del desempeño',
        software: 'Results for the owners, and the indicators behind them',
        indicators: [is.contribution, is.retention, is.satisfaction, is.campaigns],
      },
    ],
  },
  {
    name: 'gartner',
    title: 'Gartner: eight building blocks',
    steps: [
      {
        name: 'Vision',
        spanish: 'visión',
        software: 'The value stated for customers, a strategy with an owner for each phase',
        indicators: [
          is.valueStatement,
          is.strategies,
          is.withoutStrategy,
          is.phases,
          is.configuration,
          indicator('Targets beside what was reached', planFigures, 'indicators'),
        ],
      },
      {
        name: 'Strategy',
        spanish: 'estrategia',
        software: 'Objectives by segment, policy and resources by tier',
        indicators: [is.segments, is.tiers, is.majority],
      },
      {
        name: 'Valued customer experience',
        spanish: 'experiencia valiosa',
        software: 'Voice of the customer, moments of truth, zones',
        indicators: [is.satisfaction, is.moments, is.zones],
      },
      {
        name: 'Organisational collaboration',
        spanish: 'colaboración',
        software: 'Shared queues and handoffs that keep what is known',
        indicators: [is.agents, is.firstContact, is.reAsked],
      },
      {
        name: 'Processes',
        spanish: 'procesos',
        software: 'Enquiry, order, request, complaint, offer, welcome, win-back as state machines',
        indicators: [is.conversion, is.serviceMissed, is.resolved, is.winBacks],
      },
      {
        name: 'Information',
        spanish: 'información',
        software: 'The 360° profile and the quality of its data',
        indicators: [is.named, is.verified, is.validData],
      },
      {
        name: 'Technology',
        spanish: 'tecnología',
        software: 'Event-sourced core: deterministic, replayable',
        indicators: [is.facts, is.behind, is.deadLetters],
      },
      {
        name: 'Metrics',
        spanish: 'métricas',
        software: 'Corporate, customer, process and infrastructure figures together',
        indicators: [is.contribution, is.nps, is.zones, is.serviceMissed, is.recovery, is.behind],
      },
    ],
  },
  {
    name: 'buttle',
    title: 'Buttle: the customer relationship value chain',
    steps: [
      {
        name: 'Customer portfolio analysis',
        spanish: 'análisis de la cartera',
        software: 'Review, pyramid, Pareto check, concentration',
        indicators: [is.reviewed, is.tiers, is.pareto, is.concentration],
      },
      {
        name: 'Customer intimacy',
        spanish: 'intimidad',
        software: 'Profile, needs and preferences, known at every touchpoint',
        indicators: [is.named, is.needs, is.reAsked],
      },
      {
        name: 'Network development',
        spanish: 'desarrollar una red',
        software: 'Agents, beneficiaries, suppliers, referrals: roles and who brought whom',
        indicators: [is.referrals, is.wordOfMouth],
      },
      {
        name: 'Value proposition',
        spanish: 'propuesta de valor',
        software: 'Propositions, tailored offers, bundles',
        indicators: [is.campaigns, is.personalised, is.needsMet],
      },
      {
        name: 'Managing the relationship',
        spanish: 'manejo de la relación',
        software: 'Lifecycle and queues: acquisition, retention, development',
        indicators: [is.phases, is.newCustomers, is.retention, is.crossSell],
      },
    ],
  },
  {
    name: 'four-pillars',
    title: 'Four pillars',
    steps: [
      {
        name: 'Customer-oriented processes',
        spanish: 'procesos orientados al cliente',
        software: 'Service levels met and promises kept',
        indicators: [is.processPillar, is.serviceMissed, is.kept, is.silences],
      },
      {
        name: 'People and culture',
        spanish: 'personas y cultura',
        software: 'Conduct, empathy, training, solutions at first contact',
        indicators: [is.peoplePillar, is.conduct, is.empathy, is.trained, is.firstContact, is.agents],
      },
      {
        name: 'Timely quality data',
        spanish: 'datos oportunos y de calidad',
        software: 'How complete and valid what is known is',
        indicators: [is.dataPillar, is.named, is.verified, is.validData],
      },
      {
        name: 'Tools',
        spanish: 'herramientas',
        software: 'How far behind the tool is, and what it could not take in',
        indicators: [is.toolPillar, is.behind, is.deadLetters],
      },
    ],
  },
  {
    name: 'c3i',
    title: 'C3i: command, control, communicate',
    steps: [
      {
        name: 'Command',
        spanish: 'comandar',
        software: 'Policy by configuration, work assigned by priority',
        indicators: [is.configuration, is.itemsEntered, is.outcomes],
      },
      {
        name: 'Control',
        spanish: 'controlar',
        software: 'Service levels, promises, complaints against target',
        indicators: [is.serviceMissed, is.kept, is.resolved, is.clock],
      },
      {
        name: 'Communicate',
        spanish: 'comunicar',
        software: 'Customers kept informed, consent respected',
        indicators: [is.silences, is.consents, is.response],
      },
      {
        name: 'Intelligence',
        spanish: 'inteligencia',
        software: 'What the projections know',
        indicators: [is.zones, is.segments, is.reasons],
      },
    ],
  },
  {
    name: 'wheel-of-loyalty',
    title: 'The wheel of loyalty',
    steps: [
      {
        name: 'Foundation for loyalty',
        spanish: 'base para la lealtad',
        software: 'Right customers, tiers, quality and satisfaction',
        indicators: [is.segments, is.tiers, is.ranking, is.satisfaction, is.serviceMissed],
      },
      {
        name: 'Bonds',
        spanish: 'vínculos',
        software: 'Rewards, social, customized and structural bonds; the programme',
        indicators: [is.bonds, is.programmes, is.benefits, is.uplift],
      },
      {
        name: 'Fewer drivers of defection',
        spanish: 'reducir los impulsores de la deserción',
        software: 'Diagnosis, complaints and recovery, retention, switching costs',
        indicators: [is.reasons, is.churn, is.recovery, is.measures, is.pressure],
      },
    ],
  },
  ...changeModels,
  ...benefitModels,
];
