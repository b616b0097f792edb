/** Signs that material (a document, a page, a tool's result) tries to give a model orders. A sign, not a proof: it is told in the trace. */

const signs: readonly { readonly sign: string; readonly pattern: RegExp }[] = [
  {
    sign: 'override',
    pattern:
      /\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:previous|prior|above|earlier|all|your|the)\b.{0,30}\b(?:instructions?|prompts?|rules?|directions?|guidelines?)\b|(?:忽略|无视|忘记|不要理会|不用管).{0,20}(?:指令|指示|提示|规则|要求|设定)/i,
  },
  {
    sign: 'role',
    pattern:
      /\byou are now\b|\bact as (?:an?|the)\b.{0,40}\b(?:admin|developer|system|unrestricted|dan)\b|\b(?:new|updated) (?:system )?instructions?\s*:|(?:你现在是|从现在起你是|新的系统指令|扮演.{0,12}(?:管理员|开发者|系统))/i,
  },
  {
    sign: 'system marks',
    pattern:
      /<\|(?:im_start|im_end|system|endoftext|start_header_id)\|>|\[\/?INST\]|<<\/?SYS>>|^\s*#{0,3}\s*(?:system|系统)\s*(?:prompt|message|提示词?)?\s*[:：]/im,
  },
  {
    sign: 'secrecy',
    pattern:
      /\b(?:do not|don't|never) (?:tell|inform|mention|reveal|show)\b.{0,30}\b(?:the )?user\b|(?:不要|别|切勿).{0,6}(?:告诉|告知|透露给|提醒).{0,4}用户/i,
  },
  {
    sign: 'disclosure',
    pattern:
      /\b(?:reveal|print|output|repeat|send|leak)\b.{0,40}\b(?:system prompt|instructions|api[ _-]?keys?|passwords?|credentials|secrets)\b|(?:输出|泄露|发送|透露|打印).{0,12}(?:系统提示|提示词|密钥|密码|口令)/i,
  },
  {
    sign: 'exfiltration',
    pattern:
      /!\[[^\]]{0,80}\]\(https?:\/\/[^)\s]{0,300}[?&][^)\s]*(?:=|\{)|\b(?:curl|wget)\s+https?:|\bfetch\(['"]https?:/i,
  },
];

/** @returns Names of the signs seen, each once. */
export function flagInstructions(text: string): readonly string[] {
  return signs.filter(({ pattern }) => pattern.test(text)).map(({ sign }) => sign);
}
