/** Finds negators and how far each reaches, so that a rule can ask whether a word is affirmed or denied. */

/** The part of a unit's text that one negator denies. `modal` is true for prohibitions (不得, 禁止, 无权), which reach further. */
export interface Zone {
  readonly start: number
  readonly end: number
  readonly negator: number
  readonly modal: boolean
}

/** Words that hold 不/无/非/未/没 without denying what follows. */
const FIXED =
  /(.)[不没]\1|是否|不限于|不仅仅?|不晚于|不迟于|不早于|不短于|不长于|不亚于|不小于|不大于|不逾|不超出|不但|不论|不管|不时|不定期|不定时|不断|不可抗力|不服|不料|不妨|不幸|不解|不快|不超过|不超|不少于|不低于|不高于|不多于|不足|不止|不等(?!于)|不同|不当|不良|不实|不法|不便|不满|不符|不利|不一致|不一|不久|不可撤销|不可避免|不得不|不能不|不特定|不明|不齐|不全|不清|不正当|不规范|不合理|不合格|不完整|不准确|不真实|不充分|不诚信|不间断|不公平|不稳定|不安全|不可分割|不变|不妥|不慎|不善|不宜|不适(?![用合宜])|不力|不到位|不属于|不见得|不失为|无论|无理由|无条件|无效|无偿|无形|无息|无忧|无障碍|无线|无感|无门槛|无缝|无痕|无纸|无人|无抵押|无虞|无私|无界|无糖|无损|无货|无限|无关|无故|无法|无辜|无异议|无误|未来|未成年人?|未必|未尽|非法|非常|非因|非经营|非必[需要]|除非|没收|没落|毫不迟延|与否|差不多|对不起|从不间断/g
const MODAL =
  /不得|不应当|不应|不该|不可以|不可|不能够?|不会|不允许|不许|不准|严禁|禁止|无权|无权利|没有权利|不(?=享有|具有|拥有)|切勿|请勿|不再享有|不再有权|杜绝|避免/g
const BARE =
  /不再另行|不必|不需要?|不须|不用|不予|不另行?|不再|不作|不做|不负有?|不|概不|恕不|均不|无需|无须|毋须|毋需|毋庸|无庸|无义务|没有义务|无责任|没有责任|无(?=[一-鿿])|没有|没(?=[一-鿿])|未经|未曾|未予|未能|未|免于|免予|免去|免除|免(?=[收交缴付征])|拒绝|拒不|非经|不待|勿/g
/** Negators that stand behind what they deny. */
const AFTER =
  /(?:并非|不是|并不是|不属于|不作为|不构成|不算)(?:[^，。；]{0,12})?(?:必需|必要|必须|必经|前提|条件|义务|步骤|要件)|(?:的?(?:程序|环节|步骤|义务|手续|要求|流程))?(?:予以|一律|一概|均|全部|可以?)?(?:免除|豁免|省略|从略|略去|免去|略过|欠奉|省去|全免)|(?:一节|一步|一环)(?:没有|不设|取消)/g
const BREAK = /[，。；：！？\n]/
/** After these a new predicate begins: a bare negator does not reach over them. */
const CONNECT = /即可?|便|就|而|并且?|且|直接|径行|径直|径自|可以?|有权|得以|应当?|须|将|则|自动|单方|擅自/g
/** Verbs whose object closes a bare negation: 无需通知您|冻结…, 未经同意|转让…. */
const CLOSER =
  /通知|告知|同意|许可|授权|批准|协商|征得|征求意见|公示|说明|解释|理由|原因|预告|提前|知会|催告|审核|认可|确认|程序|流程/g
const CLOSER_START = new RegExp(`^(?:${CLOSER.source})`)
const ANSWERS = /承担|负责|赔偿|补偿|负有|保证|担保/
const JOIN = /^(?:[或和及与、/]|以及|或者|并且?|，?也)/

/**
 * Zones of `text`. `lead` is the length of a lead-in in front of the judged words: a prohibition that ends in it
 * ("平台不得有下列行为：") reaches over the whole item.
 */
export function negationZones(text: string, lead: number): Zone[] {
  const fixed = new Uint8Array(text.length)
  for (const match of text.matchAll(FIXED)) fixed.fill(1, match.index, match.index + match[0].length)
  const zones: Zone[] = []
  const taken = new Uint8Array(text.length)
  for (const match of text.matchAll(MODAL)) {
    if (fixed[match.index]) continue
    const start = match.index + match[0].length
    taken.fill(1, match.index, start)
    const end = isListed(text, match.index, match[0]) ? listEnd(text, start) : modalEnd(text, start, lead)
    zones.push({ start, end, negator: match.index, modal: true })
  }
  const forbids = denials(zones, text.length)
  for (const match of text.matchAll(BARE)) {
    if (fixed[match.index] || taken.subarray(match.index, match.index + match[0].length).includes(1)) continue
    const start = match.index + match[0].length
    const forbidden = match[0] === '拒绝' && forbids(match.index)
    const end =
      forbidden || isListed(text, match.index, match[0])
        ? Math.min(listEnd(text, start), bareEnd(text, start))
        : bareEnd(text, start)
    zones.push({ start, end, negator: match.index, modal: false })
  }
  for (const match of text.matchAll(AFTER)) {
    // 事先通知并非必经步骤: what is denied stands in front, in the same part of the sentence.
    const reach = /[^，。；：]*$/.exec(text.slice(Math.max(0, match.index - 14), match.index))?.[0] ?? ''
    const from = match.index - reach.length
    zones.push({ start: from, end: match.index, negator: match.index, modal: false })
  }
  zones.sort((a, b) => a.negator - b.negator)
  // 不可转让、不可转授权: negators in a row are parallel, each reaches only up to the next.
  return zones.map((zone, i) => {
    const next = zones
      .slice(i + 1, i + 4)
      .find(z => z.negator < zone.end && /[、或且和及与也亦并又均都更还]/.test(text.charAt(z.negator - 1)))
    return next === undefined ? zone : { ...zone, end: next.negator }
  })
}

/** 采取禁止注册、拒绝发布、删除内容等措施: a measure in a list of measures denies nothing beyond itself. */
const isListed = (text: string, at: number, word: string): boolean =>
  /^(?:禁止|拒绝)/.test(word) &&
  /(?:[、或和及]|采取|包括|不限于|决定|选择)(?:直接|立即)?$/.test(text.slice(Math.max(0, at - 6), at))
const listEnd = (text: string, start: number): number =>
  start + (/[、，。；或和及等]/.exec(text.slice(start))?.index ?? text.length - start)

function modalEnd(text: string, start: number, lead: number): number {
  let end = start
  // Nobody writes longer without a comma; text captured without any must not cost its square.
  const limit = Math.min(text.length, start + 300)
  while (end < limit) {
    const char = text.charAt(end)
    if (BREAK.test(char)) {
      const segment = text.slice(start, end)
      // 不得以未参加活动为由，限制…: the reason comes first, the forbidden act after the comma.
      if (
        char === '，' &&
        end - start < 60 &&
        /(?:为由|方式|手段|名义|理由|情况下|情形下|等|的|前|时|后)$/.test(segment) &&
        !/。/.test(segment)
      ) {
        start = end += 1
        continue
      }
      if (char === '：' && end < lead && end - start < 30) {
        // …unless the item goes on to say what somebody else may do: 公司有理由认为…，公司有权…
        const power = /[^，。；：]{2,10}(?:有权|有理由|可独立|可以)/.exec(text.slice(lead))
        return power === null ? text.length : lead + power.index
      }
      break
    }
    end++
  }
  return end
}

function bareEnd(text: string, start: number): number {
  // 不对因…造成的损失承担责任: what it is about stands between the negator and its verb.
  const about = /^[对就因为向]/.test(text.slice(start, start + 1)) && !/^因[此而]/.test(text.slice(start, start + 2))
  let end = start
  while (end < text.length && end - start < (about ? 120 : 22) && !BREAK.test(text.charAt(end))) end++
  // 不对直接、间接损失，包括利润损失，承担责任: the verb may come after an aside.
  if (about && text.charAt(end) === '，' && !ANSWERS.test(text.slice(start, end))) {
    const aside = /^，(?:包括|含|或|以及|亦|无论|不论)[^。；]{0,60}?(?:承担|负责|赔偿|补偿|负有)/.exec(
      text.slice(end, end + 80),
    )
    if (aside !== null) return end + aside[0].length
  }
  const reach = text.slice(start, end)
  // 未使用的余额, 尚未履行的部分: the negator qualifies a noun and says nothing of the verb behind it.
  const attribute = /^[一-鿿]{1,5}?的(?!书面|事先|同意|许可|情况|情形|前提|必要|义务)/.exec(reach)
  if (
    attribute !== null &&
    /[未没]$|没有$/.test(text.slice(0, start)) &&
    !/[经您你其取征]|用户|商家|平台|对方/.test(attribute[0])
  )
    return start + attribute[0].length
  if (about) return start + (/并?且?(?:有权|可以|应当)/.exec(reach)?.index ?? reach.length)
  // 不得以未阅读为由主张…: what is denied in a reason ends with the reason.
  let cut = /(?:等|的)?(?:为由|为借口|为理由)/.exec(reach)?.index ?? reach.length
  for (const match of reach.matchAll(CONNECT)) {
    if (match.index > 1) {
      cut = match.index
      break
    }
  }
  for (const match of reach.matchAll(CLOSER)) {
    const after = match.index + match[0].length
    if (after > cut) break
    const rest = reach.slice(after)
    if (JOIN.test(rest) || JOIN.test(rest.slice(1)) || /^任何|^和?[^，]{0,4}(?:理由|原因|依据)/.test(rest)) continue
    // To whom it is told still belongs to it, and so does what is asked of them: 通知您, 征得您同意.
    const object =
      /^(?:[您你其]|用户|商家|卖家|买家|商户|对方|会员|[甲乙]方|消费者)?的?(?:书面|事先|另行|单独|明确)?/.exec(
        rest,
      )?.[0] ?? ''
    if (CLOSER_START.test(rest.slice(object.length))) continue
    cut = Math.min(cut, after + object.length)
    break
  }
  return start + cut
}

/** Asks whether the words at an offset are denied: an odd number of negators reach over their first character. */
export function denials(zones: readonly Zone[], length: number): (at: number) => boolean {
  if (zones.length === 0) return () => false
  const odd = new Uint8Array(length + 1)
  for (const { start, end } of zones) {
    if (end <= start) continue
    odd[start] = (odd[start] as number) ^ 1
    odd[end] = (odd[end] as number) ^ 1
  }
  for (let i = 1; i <= length; i++) odd[i] = (odd[i] as number) ^ (odd[i - 1] as number)
  return at => odd[at] === 1
}
