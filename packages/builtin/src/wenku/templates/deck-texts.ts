import type { TemplateText } from './template-text.ts';

/** Decks to begin from. Their headlines say something, as slides should. */
export const deckTemplates: readonly TemplateText[] = [
  {
    id: 'deck-report',
    kind: 'deck',
    theme: 'paper',
    title: { en: 'Quarterly report', zh: '季度汇报' },
    description: { en: 'Ten slides: result, figures, causes, decisions.', zh: '十页：结果、数据、原因、待决事项。' },
    text: {
      en: `# Quarterly report

Department · Quarter · Date

Notes: Say in one sentence what this quarter brought.

## We met two of three goals

- Revenue grew **__ %** against the plan of __ %
- Customers stayed: __ % renewed
- Delivery took __ days, two more than planned
  - cause named on page 5

Notes: The whole story on one slide; the rest is evidence.

## Revenue grew in every month

Chart (column): Revenue by month, in thousands

| Month | Plan | Actual |
| --- | --- | --- |
| July | 120 | 126 |
| August | 125 | 138 |
| September | 130 | 151 |

## Three regions carried the growth

| Region | Revenue | Change | Share |
| --- | --- | --- | --- |
| East | 182 | +14 % | 44 % |
| South | 131 | +9 % | 32 % |
| West | 102 | +3 % | 24 % |

# Why it came so

## What helped, what held us back

### What helped

- Renewal calls began a month earlier
- The new price list is simple
- One contact for each account

### What held us back

- Two suppliers delivered late
- Four positions stayed open
- Returns rose in August

## A customer said it best

> You answered in an hour what took the others a week.
>
> — Purchasing manager, customer since 2023

## Next quarter we do three things

- Bring delivery back to __ days
- Fill the four positions
- Move the west region to the new price list

## Two decisions are needed today

- Approve the second supplier (__ a year)
- Move the fair from March to May

# Thank you

Questions and decisions
`,
      zh: `# 季度汇报

部门 · 季度 · 日期

Notes: 用一句话说清本季度带来了什么。

## 三个目标完成了两个

- 收入比计划增长 **__ %**，原计划 __ %
- 老客户留下来了：续约率 __ %
- 交付用了 __ 天，比计划多两天
  - 原因见第 5 页

Notes: 全部结论都在这一页，后面是依据。

## 收入逐月增长

Chart (column): 月度收入（千元）

| 月份 | 计划 | 实际 |
| --- | --- | --- |
| 七月 | 120 | 126 |
| 八月 | 125 | 138 |
| 九月 | 130 | 151 |

## 增长来自三个大区

| 大区 | 收入 | 变化 | 占比 |
| --- | --- | --- | --- |
| 华东 | 182 | +14 % | 44 % |
| 华南 | 131 | +9 % | 32 % |
| 西部 | 102 | +3 % | 24 % |

# 为什么是这个结果

## 有利因素与不利因素

### 有利因素

- 续约沟通提前了一个月
- 新价目表简单明了
- 每个客户只对接一个人

### 不利因素

- 两家供应商交货延迟
- 四个岗位一直空缺
- 八月退货增加

## 客户的一句话

> 别家要一周才能答复的事，你们一小时就办了。
>
> — 某采购经理，2023 年起的客户

## 下季度只做三件事

- 把交付周期缩回到 __ 天
- 补齐四个岗位
- 西部大区改用新价目表

## 今天需要两项决定

- 批准第二供应商（每年 __ 元）
- 展会从三月改到五月

# 谢谢

欢迎提问并决定
`,
    },
  },
  {
    id: 'deck-pitch',
    kind: 'deck',
    theme: 'ink',
    title: { en: 'Proposal', zh: '方案提案' },
    description: { en: 'A problem, a way, its cost, the next step.', zh: '问题、办法、成本、下一步。' },
    text: {
      en: `# A better way to __

Proposal · Name · Date

## Today this costs us __ hours a week

- Who is touched: __ people in __ teams
- What happens: __
- What it costs: **__ a year**

## What changes

### Today

- Three tools, three truths
- Copying by hand
- Nobody knows the state

### Tomorrow

- One place
- Nothing is copied
- The state is on the wall

## It pays back within the year

Chart (line): Cost and saving by quarter, in thousands

| Quarter | Cost | Saving |
| --- | --- | --- |
| Q1 | 40 | 0 |
| Q2 | 20 | 25 |
| Q3 | 10 | 45 |
| Q4 | 10 | 60 |

## What could go wrong, and what we do then

| Risk | How likely | What we do |
| --- | --- | --- |
| People keep the old way | medium | Start with two teams that asked for it |
| It takes longer | medium | A gate after six weeks |
| Data is wrong | low | Both run side by side for a month |

## We ask for six weeks and two people

- A first version with two teams
- Measured by __, against the teams that wait
- A decision on __

# Questions

Name · contact
`,
      zh: `# 更好地做好 __

提案 · 姓名 · 日期

## 这件事每周耗费我们 __ 小时

- 涉及：__ 个团队，__ 人
- 现状：__
- 代价：**每年 __ 元**

## 会有什么变化

### 现在

- 三个工具，三套数据
- 靠人工复制
- 没人知道进度

### 以后

- 一个地方
- 不再复制
- 进度一目了然

## 一年之内收回投入

Chart (line): 各季度投入与节省（千元）

| 季度 | 投入 | 节省 |
| --- | --- | --- |
| 一季度 | 40 | 0 |
| 二季度 | 20 | 25 |
| 三季度 | 10 | 45 |
| 四季度 | 10 | 60 |

## 可能出的问题与对策

| 风险 | 可能性 | 对策 |
| --- | --- | --- |
| 大家沿用老办法 | 中 | 先从主动要求的两个团队开始 |
| 时间超出预期 | 中 | 六周后设一道关口 |
| 数据有误 | 低 | 新旧并行一个月 |

## 申请六周时间和两个人

- 两个团队先用第一版
- 用 __ 衡量，与尚未使用的团队对比
- __ 日作出决定

# 提问

姓名 · 联系方式
`,
    },
  },
  {
    id: 'deck-course',
    kind: 'deck',
    theme: 'azure',
    title: { en: 'Lesson', zh: '课程讲义' },
    description: { en: 'Aim, idea, example, exercise, summary.', zh: '目标、概念、例子、练习、小结。' },
    text: {
      en: `# Lesson title

Course · Week

## After this lesson you can

- say what __ is, in your own words
- reckon __ by hand
- tell when it must not be used

## The idea in one formula

- The mean of $n$ values is $\\bar{x} = \\frac{1}{n}\\sum_{i=1}^{n} x_i$
- It balances the values: distances above and below are equal
- One far value moves it

## An example

| Value | Times | Product |
| --- | --- | --- |
| 2 | 3 | 6 |
| 5 | 4 | 20 |
| 9 | 1 | 9 |

## Now you

- Reckon the mean of 3, 4, 4, 9
- Which value would you doubt, and why?

Notes: Give five minutes, then compare in pairs.

# Questions

Next week: __
`,
      zh: `# 课程标题

课程 · 第 __ 周

## 学完本课，你能够

- 用自己的话说明什么是 __
- 手工计算 __
- 判断什么时候不能用它

## 一个公式讲清概念

- $n$ 个数的平均数是 $\\bar{x} = \\frac{1}{n}\\sum_{i=1}^{n} x_i$
- 它使数据平衡：高出的和低于的一样多
- 一个极端值就会把它拉偏

## 举个例子

| 数值 | 次数 | 乘积 |
| --- | --- | --- |
| 2 | 3 | 6 |
| 5 | 4 | 20 |
| 9 | 1 | 9 |

## 轮到你

- 计算 3、4、4、9 的平均数
- 你会怀疑哪个数？为什么？

Notes: 给五分钟，然后两人一组核对。

# 提问

下周：__
`,
    },
  },
];
