import { segmentWords } from './segment-words.ts';

/**
 * Words that ask or join rather than name: they say nothing about whether a passage answers. Given as written; compared
 * as `segmentWords` returns them.
 */
const english = `a an the this that these those there here it its they them their theirs he him his she her hers we us our ours you your yours i me my mine
 who whom whose what which when where why how whether if then than so as at by for from in into of off on onto out over to under up upon with within without
 about across after again against all also among any anybody anyone anything are aren't am is isn't was wasn't were weren't be been being because before below
 between both but can can't cannot could couldn't did didn't do does doesn't doing don't done down during each either else etc ever every few further had hadn't
 has hasn't have haven't having how's however i'd i'll i'm i've just let let's many may might mine more most much must myself neither no nor not now
 once one ones only or other others ought ourselves own per please rather same shall should shouldn't since some somebody someone something still such tell tells told
 that's themselves there's through too until very via want wants wanted was we'd we'll we're we've what's when's where's who's why's will won't would wouldn't yet you'd you'll
 you're you've yourself show find give know explain describe mean means meant long often kind sort exactly according regarding happen happens go get gets got
 anyway quite really actually currently possible need needs needed able`;

const chinese = `的 了 和 与 及 或 在 是 有 为 以 于 之 而 则 其 该 这 那 这个 那个 这些 那些 这里 那里 它 它们 他 他们 她 她们 我 我们 你 你们 您 咱们 自己 大家
 什么 哪 哪些 哪个 哪一 哪里 哪儿 哪种 谁 谁的 何 何时 何地 如何 怎么 怎样 怎么样 怎 样 为什么 为何 多少 几 多久 多 多长 多大 几个 几天 几次 是否 是不是 能否 可否 有没有 吗 呢 吧 啊 呀 嘛 么
 请 请问 告诉 说明 一下 介绍 解释 想 知道 想要 需要 要 会 能 能够 可以 可 应 应该 应当 必须 得 地 着 过 把 被 让 给 对 对于 关于 由 从 到 向 往 至 按 按照 根据 通过 因为 所以 因此 如果 若 但 但是 而且
 并 并且 以及 还 还是 还有 也 都 就 才 再 又 很 最 更 太 不 没 没有 无 非 每 各 某 本 此 同 等 等等 个 一 一个 种 项 些 上 下 中 里 内 外 前 后 时 时候 时间 之后 之前 之间 以上 以下 以内 其中 其他 所 所有 来 去
 具体 分别 一般 目前 现在 通常 主要 情况 进行 使用 属于 叫 称为 做 用 呢 个人 多高 多重 多远 多快 哪天 哪年 几点 什么样 什么时候 哪家 天 年 月 日 元 次 人`;

let stops: ReadonlySet<string> | null = null;

/** Whether a word (as `segmentWords` returns it) carries no meaning of its own in a question. */
export function isStopWord(word: string): boolean {
  stops ??= new Set([
    ...english.split(/\s+/).flatMap((written) => segmentWords(written)),
    // Chinese stop words are words already; cutting them again would only cost the dictionary.
    ...chinese.split(/\s+/),
  ]);
  return stops.has(word);
}
