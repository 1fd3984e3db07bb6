import { a } from '@afecto/domain'; import { Module } from '@nestjs/common'; import * as E from 'fp-ts/Either'; console.log(a, Module, E.right(1));
