// Makes platform agreements of any length for measuring: sentences of our own, the same bytes on every run.

const SUBJECTS = ['平台', '乐淘集市', '商家', '入驻商家', '用户', '消费者', '会员', '服务商']
const OPENINGS = [
  '',
  '为维护交易秩序，',
  '在符合法律规定的前提下，',
  '因业务发展需要，',
  '自协议签订之日起，',
  '如双方另有约定，',
]
const PREDICATES = [
  '应当依法办理市场主体登记并公示营业执照信息。',
  '可以根据经营情况调整服务费率，调整方案至少提前七日在首页公示。',
  '有权随时单方修改本规则，修改后的内容一经发布立即生效。',
  '应当在收到申诉之日起三个工作日内答复，并说明理由和依据。',
  '继续使用服务的，视为已经阅读并同意修改后的全部条款。',
  '不得强制或者变相强制他人参加促销活动。',
  '应当在七日内完成退款，退款按原支付渠道返还。',
  '对因不可抗力造成的损失不承担责任，但应当及时通知对方。',
  '可以扣除保证金人民币5000元，并暂停结算15个自然日。',
  '提交的资料应当真实、准确、完整，发生变化的应当及时更新。',
  '知悉最终解释权归平台所有。',
  '应当妥善保管账号和密码，不得出租、出借或者转让。',
]
const ITEMS = [
  '销售假冒伪劣商品的',
  '虚构交易、编造评价的',
  '未按约定时间发货的',
  '泄露他人个人信息的',
  '拒不履行生效裁决的',
]
const TITLES = [
  '总则',
  '账号',
  '协议的修改',
  '费用与结算',
  '商品管理',
  '违规处理',
  '售后服务',
  '信息保护',
  '争议解决',
  '附则',
]
const NUMERALS = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十']

function numeral(n) {
  if (n > 999) return String(n)
  const [hundreds, tens, ones] = [Math.floor(n / 100), Math.floor(n / 10) % 10, n % 10]
  const name = digit => NUMERALS[digit - 1]
  const low = ones ? name(ones) : ''
  if (hundreds) return `${name(hundreds)}百${tens ? `${name(tens)}十` : ones ? '零' : ''}${low}`
  return `${tens ? `${tens > 1 ? name(tens) : ''}十` : ''}${low}`
}

/** A Markdown agreement of at least `bytes` bytes of UTF-8. */
export function agreement(bytes) {
  let seed = 20260201
  const pick = list => {
    seed = (seed * 1103515245 + 12345) % 2147483648
    return list[Math.floor((seed / 2147483648) * list.length)]
  }
  const sentence = () => pick(OPENINGS) + pick(SUBJECTS) + pick(PREDICATES)
  const parts = ['# 乐淘集市平台规则汇编\n']
  let size = 0
  let article = 0
  for (let chapter = 1; size < bytes; chapter++) {
    parts.push(`## 第${numeral(chapter)}章 ${pick(TITLES)}\n`)
    for (let i = 0; i < 8 && size < bytes; i++) {
      let text = `**第${numeral(++article)}条** ${sentence()}${sentence()}\n`
      if (article % 3 === 0) {
        const items = ITEMS.map((item, n) => `（${NUMERALS[n]}）${item}；`).join('\n\n')
        text += `\n有下列情形之一的，${pick(SUBJECTS)}可以暂停服务：\n\n${items}\n`
      }
      if (article % 10 === 0) text += '\n| 项目 | 费率 |\n| --- | --- |\n| 技术服务费 | 5% |\n| 支付手续费 | 0.6% |\n'
      parts.push(text)
      size += Buffer.byteLength(text)
    }
  }
  return parts.join('\n')
}
