import type { TemplateText } from './template-text.ts';

/** Documents to begin from. */
export const docTemplates: readonly TemplateText[] = [
  {
    id: 'report',
    kind: 'doc',
    title: { en: 'Report', zh: '报告' },
    description: { en: 'Result first, then evidence and what to do.', zh: '先写结论，再写依据和建议。' },
    text: {
      en: `# Report

**Result.** One paragraph that a reader who stops here can act on.

## What we looked at

Period, sources, and what was left out.

## What we found

| Figure | Before | Now | Change |
| --- | --- | --- | --- |
| __ | __ | __ | __ |

1. First finding, with its number and where it is from.
2. Second finding.

## What we advise

- What, who, by when

## How sure this is

What could be wrong, and what would show it.
`,
      zh: `# 报告

**结论。** 用一段话写清结论，读到这里就能行动。

## 研究范围

时间段、资料来源，以及没有包括的内容。

## 主要发现

| 指标 | 之前 | 现在 | 变化 |
| --- | --- | --- | --- |
| __ | __ | __ | __ |

1. 第一项发现，写明数字和出处。
2. 第二项发现。

## 建议

- 做什么、谁来做、何时完成

## 可靠程度

哪里可能有误，怎样才能看出来。
`,
    },
  },
  {
    id: 'plan',
    kind: 'doc',
    title: { en: 'Plan', zh: '工作计划' },
    description: { en: 'Aim, steps, who, when, risks.', zh: '目标、步骤、分工、时间、风险。' },
    text: {
      en: `# Plan

## Aim

What will be true when this is done, and how it will be measured.

## Steps

| Step | Who | Begins | Ends | Done when |
| --- | --- | --- | --- | --- |
| __ | __ | __ | __ | __ |

## What it takes

People, money, things that others must do first.

## Risks

- Risk, sign by which we notice it, what we do then

## Not part of this

- __
`,
      zh: `# 工作计划

## 目标

完成后会是什么样，用什么衡量。

## 步骤

| 步骤 | 负责人 | 开始 | 结束 | 完成标准 |
| --- | --- | --- | --- | --- |
| __ | __ | __ | __ | __ |

## 所需条件

人员、经费，以及要别人先完成的事。

## 风险

- 风险、如何发现、怎样应对

## 不在本计划内

- __
`,
    },
  },
  {
    id: 'minutes',
    kind: 'doc',
    title: { en: 'Minutes', zh: '会议纪要' },
    description: { en: 'Decisions first, then tasks and talk.', zh: '先记决定，再记任务和讨论。' },
    text: {
      en: `# Minutes

Date, place, present, apologies.

## Decided

1. __

## To do

| What | Who | By |
| --- | --- | --- |
| __ | __ | __ |

## What was said

### First item

- __

## Next meeting

__
`,
      zh: `# 会议纪要

时间、地点、出席、缺席。

## 决定事项

1. __

## 待办事项

| 事项 | 负责人 | 期限 |
| --- | --- | --- |
| __ | __ | __ |

## 讨论要点

### 第一项

- __

## 下次会议

__
`,
    },
  },
  {
    id: 'contract-review',
    kind: 'doc',
    title: { en: 'Contract review', zh: '合同审查' },
    description: { en: 'Parties, dates, duties, risks by clause.', zh: '当事人、期限、义务、逐条风险。' },
    text: {
      en: `# Contract review

**Advice.** Sign / sign after changes / do not sign, and why, in one paragraph.

## The contract in brief

| | |
| --- | --- |
| Parties | __ |
| Subject | __ |
| Amount and payment | __ |
| Term and notice | __ |
| Law and place of court | __ |

## Clauses to change

| Clause | What it says | Why it matters | Change to |
| --- | --- | --- | --- |
| __ | __ | __ | __ |

## Dates to keep

- __

## Questions for the other party

1. __
`,
      zh: `# 合同审查

**意见。** 可以签 / 修改后可签 / 不建议签，用一段话写明理由。

## 合同概要

| 项目 | 内容 |
| --- | --- |
| 当事人 | __ |
| 标的 | __ |
| 金额与付款 | __ |
| 期限与解除 | __ |
| 适用法律与管辖 | __ |

## 建议修改的条款

| 条款 | 原文要点 | 为何重要 | 建议改为 |
| --- | --- | --- | --- |
| __ | __ | __ | __ |

## 需要记住的日期

- __

## 需要对方澄清的问题

1. __
`,
    },
  },
  {
    id: 'course-outline',
    kind: 'doc',
    title: { en: 'Course outline', zh: '课程大纲' },
    description: { en: 'Aims, weeks, reading, how it is graded.', zh: '目标、周次、阅读、考核方式。' },
    text: {
      en: `# Course outline

For whom, how long, what one should know before.

## Aims

After the course you can

- __

## Weeks

| Week | Topic | Reading | Exercise |
| --- | --- | --- | --- |
| 1 | __ | __ | __ |
| 2 | __ | __ | __ |

## How it is graded

- Exercises __ %, project __ %, exam __ %
`,
      zh: `# 课程大纲

面向谁、学时多少、需要哪些基础。

## 目标

学完后，你能够

- __

## 周次安排

| 周次 | 主题 | 阅读 | 练习 |
| --- | --- | --- | --- |
| 1 | __ | __ | __ |
| 2 | __ | __ | __ |

## 考核方式

- 练习 __ %，项目 __ %，考试 __ %
`,
    },
  },
  {
    id: 'weekly-review',
    kind: 'doc',
    title: { en: 'Weekly review', zh: '每周回顾' },
    description: { en: 'Done, learned, stuck, next.', zh: '完成、收获、卡点、下周。' },
    text: {
      en: `# Week __

**In one sentence:** __

## Done

- __

## Learned

- __

## Stuck, and what would help

- __

## Next week

1. __
`,
      zh: `# 第 __ 周

**一句话：** __

## 完成

- __

## 收获

- __

## 卡点与所需帮助

- __

## 下周

1. __
`,
    },
  },
];
