import type { Command } from '../command.ts';
import { appImport, appList, appPublish, appRollback, appRun, appShow, appValidate } from './app-commands.ts';
import { backup, restore } from './backup-commands.ts';
import { configShow } from './config-show.ts';
import { demo } from './demo.ts';
import { doctor } from './doctor.ts';
import { experimentCommands } from './experiment-commands.ts';
import { keyCreate, keyList, keyRevoke } from './key-commands.ts';
import { knowledgeAdd, knowledgeList, knowledgeSearch } from './knowledge-commands.ts';
import { kpiDefine, kpiList } from './kpi-commands.ts';
import { kpiSend } from './kpi-send.ts';
import { kpiSourceAdd, kpiSourceList, kpiSourceRemove, kpiSourceRun, kpiSourceTest } from './kpi-source.ts';
import { liftAnalyse, liftReplay, liftVerify } from './lift-commands.ts';
import { modelDownload, modelStart, modelStop } from './local-model-commands.ts';
import { modelAttach, modelList, modelTest } from './model-commands.ts';
import { quantumCommands } from './quantum-commands.ts';
import { runList, runShow } from './run-commands.ts';
import { up } from './up.ts';

export const commands: readonly Command[] = [
  up,
  configShow,
  keyCreate,
  keyList,
  keyRevoke,
  appValidate,
  appPublish,
  appList,
  appShow,
  appRollback,
  appRun,
  appImport,
  modelList,
  modelAttach,
  modelTest,
  modelDownload,
  modelStart,
  modelStop,
  knowledgeAdd,
  knowledgeList,
  knowledgeSearch,
  runList,
  runShow,
  kpiSend,
  ...quantumCommands,
  kpiDefine,
  kpiList,
  ...experimentCommands,
  kpiSourceAdd,
  kpiSourceTest,
  kpiSourceList,
  kpiSourceRun,
  kpiSourceRemove,
  liftVerify,
  liftAnalyse,
  liftReplay,
  demo,
  backup,
  restore,
  doctor,
];
