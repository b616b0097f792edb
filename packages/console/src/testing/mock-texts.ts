/** What the mock's model says, and the document that it quotes. */
import type { Citation } from '@myriad/contracts';

export const refundText = `退货与退款政策（2026 版）

1 适用范围
本政策适用于所有线上与门店订单。门店可以更宽，但不可以更严。

4 退货
4.1 自签收之日起三十日内，商品完好的可申请退货。
4.2 定制商品非质量问题不予退货。
4.3 已拆封的食品不予退换。
4.4 家电类商品须保留原包装。
4.5 已激活的软件许可转人工处理。

5 时限
5.1 订单超过九十天时，客服不能直接退款，需交由主管处理。
5.2 主管应在两个工作日内答复。
`;

function cite(number: number, quote: string, page: number): Citation {
  const start = refundText.indexOf(quote);
  return {
    number,
    passageId: `psg_${number}`,
    documentId: 'doc_refund',
    documentName: 'refund-policy.pdf',
    quote,
    start,
    end: start + quote.length,
    page,
    score: 0.9,
  };
}

const citations: readonly Citation[] = [
  cite(1, '4.2 定制商品非质量问题不予退货。\n4.3 已拆封的食品不予退换。', 7),
  cite(2, '4.5 已激活的软件许可转人工处理。', 7),
  cite(3, '5.1 订单超过九十天时，客服不能直接退款，需交由主管处理。', 8),
];

export interface MockAnswer {
  readonly text: string;
  readonly citations: readonly Citation[];
}

export const answers = {
  refundZh: {
    text: `以下三类商品不支持退货：定制商品、已拆封的食品、已激活的软件许可。[1][2]

| 商品 | 处理 | 条款 |
| --- | --- | --- |
| 定制商品 | 质量问题可换 | 4.2 [1] |
| 已拆封食品 | 不退不换 | 4.3 [1] |
| 已激活许可 | 转人工 | 4.5 [2] |

订单超过九十天时，客服不能直接退款，需交由**主管**处理。[3]`,
    citations,
  },
  refundEn: {
    text: `Three kinds of goods cannot be returned: made-to-order goods, opened food, and activated software licences [1][2]. After ninety days only a supervisor may decide, and must answer within two working days [3].

- Electrical goods need their original packaging.
- A shop may be more generous than this policy, never stricter.

For the till, a reminder:

\`\`\`ts
/** Whether the till may refund without a supervisor. */
export function mayRefund(order: Order, today: Date): boolean {
  const days = (today.getTime() - order.receivedAt) / 86_400_000;
  return days <= 90 && !order.lines.some((line) => line.madeToOrder);
}
\`\`\``,
    citations,
  },
  maths: {
    text: `Each observation adds information, and information adds up: the standard error of a mean falls with the square root of the number of observations.

$$
\\mathrm{SE} = \\frac{\\sigma}{\\sqrt{n}}, \\qquad \\bar{x} \\pm 1.96 \\cdot \\frac{\\sigma}{\\sqrt{n}}
$$

With $\\sigma = 12$ and $n = 400$ the half-width is $1.176$; four times the data halves it again. It costs $5 to $10 a day to collect that much.

1. Double the precision: four times the data.
2. Ten times the precision: a hundred times the data.

\`\`\`python
import random, statistics
for n in (25, 100, 400):
    means = [statistics.fmean(random.gauss(0, 12) for _ in range(n)) for _ in range(2000)]
    print(n, round(statistics.stdev(means), 3))
\`\`\``,
    citations: [],
  },
} satisfies Record<string, MockAnswer>;
