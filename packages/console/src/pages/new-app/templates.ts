/** Three beginnings of an app; each is a whole manifest that validates as it stands. */
export const templates = {
  answers: `apiVersion: myriad/v1
kind: App
name: policy-desk
title: {en: Policy desk, zh: 制度问答}
description:
  en: Answers questions about our policies and cites the clause.
  zh: 解答制度问题，并注明条款。
instructions: |
  Answer only from the documents and cite the clause.
  If the documents do not say, say so and name whom to ask.
model: {capabilities: [zh], optimize: balanced}
knowledge: [library:policies]
starters:
  - {en: What cannot be returned?, zh: 哪些商品不能退？}
expose: [chat, api, mcp]
budget: {amount: 20 CNY, period: day, on_exceed: refuse}
`,
  writer: `apiVersion: myriad/v1
kind: App
name: meeting-notes
title: {en: Meeting notes, zh: 会议纪要}
description:
  en: Turns rough notes into minutes with decisions and owners.
  zh: 把零散记录整理成纪要，列出决定与负责人。
instructions: |
  Write minutes in the language of the notes.
  Sections: decisions, open questions, who does what by when.
  Invent nothing; leave out what the notes do not say.
model: {capabilities: [generate, zh], optimize: quality, temperature: 0.2}
expose: [chat, api]
evals:
  - {input: "Anna ships the form by Friday. Price still open.", expect: {contains: [Anna, Friday]}}
budget: {amount: 10 CNY, period: day, on_exceed: refuse}
`,
  tools: `apiVersion: myriad/v1
kind: App
name: order-helper
title: {en: Order helper, zh: 订单助手}
description:
  en: Looks up orders, and files refunds once a person allows it.
  zh: 查询订单，经人批准后提交退款。
instructions: |
  Look the order up before you answer.
  Never promise a refund that was not filed.
model: {capabilities: [tools, zh], optimize: cost}
tools:
  - {tool: current_time}
  - {tool: calculator}
  - {mcp: com.example/orders, allow: [get_order]}
  - {mcp: com.example/orders, allow: [create_refund], approval: always}
expose: [chat, api]
limits: {tool_rounds: 6, requests_per_minute: 30}
budget: {amount: 40 CNY, period: day, on_exceed: downgrade}
`,
} as const;

export type TemplateName = keyof typeof templates;
