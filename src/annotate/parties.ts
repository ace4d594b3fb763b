/** Who is platform, merchant and consumer in *this* document, and who does what in a sentence. */
import type { Parsed, Party } from '../types.js'
import { normalise, openingWords } from './normalise.js'

/** A party named in a unit's text. `subject` is false where the name only qualifies something else (平台规则, 对商家…). */
export interface PartyMention {
  readonly party: Party
  readonly start: number
  readonly end: number
  readonly role: 'subject' | 'object' | 'attribute'
}

/** The cast of one document: names beyond the common nouns, and who is addressed as 您/你/用户. */
export interface Cast {
  readonly names: ReadonlyMap<string, Party>
  readonly addressee: 'M' | 'C'
  readonly pattern: RegExp
}

const MERCHANT =
  '平台内经营者|入驻商[家户]?|入驻方|入驻企业|商家|卖家|商户|店铺经营者|店主|店家|小店|网店|供应商|供货商|供货方|服务商|服务提供者|开发者|开发商|主播|达人|创作者|网约车司机|司机|车主|骑手|配送员|房东|经营者|代理商|经销商|分销商|加盟商|广告主|合作方|合作商|合作伙伴|团长|带货者|推广者|推广方|推客|机构|mcn|酒店|餐厅|餐饮商户|门店|摊主|卖方|销售者|出租方|讲师|接单方|品牌方|作者|养殖户|农户|跑腿员|摄影师|主理人|技师|保洁员|家政员|教练|导游|译者|画师|设计师|咨询师|发行商|出版社|影院|场馆方|药房|药店|版主|车队|供方|托运人|卖手|工厂|作坊|果园|承运商|承运人|旅行社|景区|民宿主?|联营方|加工方|厂家|厂商|招商对象|报名者'
const CONSUMER =
  '消费者|买家|买方|购买者|用户|会员|顾客|客户|乘客|租客|房客|住客|旅客|游客|读者|学员|玩家|观众|粉丝|访客|下单人|下单方|付款人|收货人|订阅者|使用者|消费方|拍客|竞买人|竞拍者|参拍人|寄件人|食客|家长|未成年人|账号注册人|账户持有人|持卡人|团友|球友|患者|求职者'
const PLATFORM =
  '平台方|本平台|该平台|平台经营者|平台运营方|平台运营者|平台公司|平台系统|平台客服|平台|我们|我司|我方|本公司|公司|本网站?|本站|网站|本商城|商城|本商店|本市场|本中心|本应用|本软件|本店铺?平台|运营方|运营商|运营团队|主办方|活动方|系统|客服中心|官方|裁决员|财务人员|财务部?|执行人员|审核员|审核人员|小二|风控人员|运营人员|法务|质检员|治理专员|工作人员|(?<!商家|卖家|店铺|商户|入驻商)客服(?:人员)?'
const ADDRESS = '您|你|阁下'
const OTHER_PLATFORM =
  /(?:其他|其它|第三方|别的|外部|竞争|特定|任何|任一|多个|各|别家|他|同类|支付|社交|物流|短视频|诉讼|调解|维权|投诉|举报|监管|政府|信用)(?:的|电商|网络|交易|网络交易)*$/
/** No platform is called so: nouns of parties, verbs and matters that stand where a name may stand. */
const COMMON = new RegExp(
  `^(?:${MERCHANT}|${CONSUMER})$|^(?:用户|商家|使用|接受|移动|结算|开店|报名|审核|境内|小件|轻度|资料|模型|相关|预约|特别|售后|上门|运费|不可抗力|密封|硬币|我们|否则|平台配|平台仓|法律法规|热线|该|此|如|若|因|其)|(?:招商|实施|功能|维护|提示|定义|状态|大促|电商类|申请|结果|问题|原因|情形|标准|等)$|^[、，]`,
)
/** 平台 followed by these is no actor but the first half of a noun. */
const COMPOUND =
  /^(?:规则|规范|协议|公告|通知|政策|标准|要求|制度|内|上|账[户号]|钱包|账上|后台|活动|币|券|首页|页面|服务|订单|交易|相关|市场|店铺|商品|价|数据|安全|秩序|声誉|利益|治理|生态|流量|类型|客服电话|公示|展示|积分|余额|资源|名义|功能|处(?![置罚理分])|资料|机密|秘密|商业秘密|员工|工作人员|人员|形象|商誉|权益|系统漏洞|漏洞|保密|合作|会员|用户|商家|卖家|买家|主播|消费者|认证|保证金|之[外间]|侧|端|的(?!.{0,12}(?:有权|可以|不承担)))/
const OBJECT_BEFORE =
  /(?:对于?|向|为|给|与|同|和|跟|将|把|使|令|让|要求|通知|告知|提醒|提示|提请|告诉|协助|支持|按照?|依照?|依据|根据|经过?|被|由|视为|强制|强迫|责令|限制|禁止|阻止|允许|许可|帮助|邀请|引导|授予|赋予|支付|退还|返还|补偿|赔偿|侵犯|侵害|损害|遵守|违反|联系|代|就|在|于|从|至|及其|以及|因|影响|处罚|扣除|扣减|冻结|关闭|代表|替|归|交由|交|登录|使用|进入|访问|离开|退出|入驻|加入|浏览|通过|包括|包含|涉及|豁免|起诉|绕开|绕过|辱骂|威胁|骚扰|攻击|诋毁|抹黑|破坏|侵入|欺骗|欺诈|误导|投诉|举报|请求|服从|听从|遵从|贬损|(?<![可所难足])以)$/
/** May stand between a preposition and its party: 对任何用户, 向该等商家. */
const DETERMINER =
  /(?:各位|广大|任何|任一|所有|全体|每[个位名]|该等?|其他|部分|本|相关|各|全部|上述|前述|被投诉|违规|不特定)的?$/
const AGENT_BEFORE = /(?:由|被|经过?|须由|应由|均由|遭|受)$/
const ATTRIBUTE_AFTER =
  /^(?:的|之|及其?(?:关联|用户)|名下|所在|店铺|账[户号]|货款|商品|订单|保证金|个人信息|资金|余额|违规|责任|权利|权益|义务|损失|过错|原因|利益|信息|内容|作品|后台|申请(?!的|人)|名义|规则|协议|公约|规范|守则|准则|手册|须知|政策|条款|中心|端(?!口)|版|体验|等级|管理|服务(?!费)|资格|身份|类目|隐私|入驻|群|学院|大学|签约|招募|群体|权限|入口|合约|合同|佣金|收入|收益|钱包|提现|结算|流水|报酬|分成|款|界面|页面|首页|专区|号|接受程度|需求|反馈|行为|数量|满意度|习惯|活跃度|评价|评分|流失)/

/** Reads the document's own words for the parties: definitions, 甲方/乙方, the name in its title, and whom it addresses. */
export function readCast(parsed: Parsed): Cast {
  const { document } = parsed
  const names = new Map<string, Party>()
  const { length } = document.text
  const all = length <= 60_000 ? openingWords(document) : normalise(document.text, { start: 0, end: 60_000 }).text
  const head = all.slice(0, 6000)
  const titles = parsed.sentences
    .filter(s => s.kind === 'heading')
    .slice(0, 12)
    .map(s => normalise(document.text, s.span).text)
  if (parsed.title !== null) titles.unshift(normalise(parsed.title, { start: 0, end: parsed.title.length }).text)

  const title = titles.slice(0, 3).join(' ')
  const count = (pattern: string): number => (all.slice(0, 20_000).match(new RegExp(pattern, 'g')) ?? []).length
  const merchants = count(MERCHANT)
  const consumers = count(CONSUMER.replace('|用户|', '|'))
  const toMerchant = new RegExp(`${MERCHANT}|入驻|开店|招商|分成|佣金|结算|供货|出租方`).test(title)
  const toConsumer = new RegExp(`${CONSUMER.replace('|用户|', '|用户|')}|隐私|个人信息|购物`).test(title)
  // What 您 does tells more than which nouns are about: 您预订酒店 is said to a guest.
  const buys = count('[您你][^，。；]{0,8}(?:预订|购买|下单|付款|入住|收货|签收|充值|乘坐|浏览|退货|观看)')
  const sells = count('[您你][^，。；]{0,8}(?:店铺|经营|入驻|发货|货款|开店|售卖|上架|保证金|接单)')
  const guessed: 'M' | 'C' =
    toMerchant !== toConsumer
      ? toMerchant
        ? 'M'
        : 'C'
      : buys !== sells
        ? sells > buys
          ? 'M'
          : 'C'
        : merchants > consumers * 2
          ? 'M'
          : 'C'
  const addressee = statedAddressee(document.frontMatter['audience']) ?? guessed

  const guess = (words: string): Party | null => {
    if (new RegExp(`申请人|申请方|${MERCHANT}`).test(words) && !/平台|公司/.test(words.replace(/平台内经营者/g, '')))
      return 'M'
    if (/平台|公司|网站?$|商城|商店|市场|集市|运营|本站|软件|app/.test(words)) return 'P'
    if (new RegExp(MERCHANT).test(words)) return 'M'
    if (new RegExp(`${CONSUMER}|自然人|个人`).test(words)) return 'C'
    return null
  }
  const learn = (name: string, party: Party | null): void => {
    if (
      party === null ||
      name.length < 2 ||
      COMMON.test(name) ||
      name.length > 14 ||
      /协议|规则|规范|条款|服务|信息|政策|软件|产品|账[户号]|费$|金$|内容|活动|本/.test(name)
    )
      return
    if (!names.has(name)) names.set(name, party)
  }
  // X公司（以下简称“Y”）· “Y”指…平台… · 甲方：X · X（甲方）
  for (const m of head.matchAll(
    /([一-鿿0-9a-z·]{2,40})（[^（）]{0,40}?(?:简称|统称|下称|合称|称)(?:为)?[：:]?[“']?([^“”'（）]{1,14})[”']?(?:或[“']([^”']{1,14})[”'])?[^（）]{0,30}）/g,
  )) {
    for (const alias of [m[2], m[3]]) if (alias !== undefined) learn(alias, guess(alias) ?? guess(m[1] ?? ''))
  }
  for (const m of head.matchAll(/[“']([^“”']{2,14})[”'](?:是指|系指|指的是|指|即)([^。；]{0,40})/g))
    learn(m[1] ?? '', guess(m[2] ?? ''))
  for (const m of (/[甲乙丙]方/.test(all) ? all : '')
    .slice(0, 30_000)
    .matchAll(
      /([一-鿿0-9a-z·]{2,24})[（：](甲方|乙方|丙方)[）]?|(甲方|乙方|丙方)[：（](?:是|为|指)?([一-鿿0-9a-z·]{2,24})/g,
    )) {
    const name = m[1] ?? m[4] ?? ''
    const label = m[2] ?? m[3] ?? ''
    // A name of its own in front of 甲方 is the platform's, whatever trade it names: 海星民宿（甲方）与房东（乙方）.
    const plain = new RegExp(`^(?:与|和|由)?(?:入驻|签约)?(?:${MERCHANT}|${CONSUMER})$`).test(name)
    const party = label === '甲方' && !plain ? 'P' : guess(name)
    if (party !== null && !names.has(label)) {
      names.set(label, party)
      if (m[1] !== undefined && party === 'P')
        learn(/[一-鿿a-z0-9]{2,8}$/.exec(name.replace(/^(?:与|和|由|为)/, ''))?.[0] ?? '', 'P')
    }
  }
  if (/甲方/.test(all)) {
    if (!names.has('甲方')) names.set('甲方', names.get('乙方') === 'P' ? addressee : 'P')
    if (!names.has('乙方')) names.set('乙方', names.get('甲方') === 'P' ? addressee : 'P')
  }
  // 《星橙直播商家规范》: what stands before the kind of rule is the platform's name.
  const tail = new RegExp(
    `^[《“]?(?:关于)?([一-鿿a-z0-9·+]{2,10}?)(?:平台)?(?:[（(“：·]|${MERCHANT}|${CONSUMER}|平台|用户|服务|规则|协议|规范|条款|须知|公告|章程|说明|细则|政策|公约|隐私|交易|违规|保证金|结算|费用|收费|售后|退|极速|入驻|使用|合作|供货|订单|账[户号]|店铺|类目|直播间|商品|活动|分成|佣金|处理|注册)`,
  )
  for (const t of titles.slice(0, 4)) {
    const name = tail.exec(t.replace(/^第?[一二三四五六七八九十\d.、（）条章节]+/, ''))?.[1]
    if (
      name !== undefined &&
      name.length >= 2 &&
      !/^(?:关于|修订|新版|本|通用|违规|争议|附则|总则|适用|定义|其他|一般|基本|商品|交易|费用|保证|违约|责任|服务|会员|账|个人|知识|处罚|发货|退换|申诉|规则|权利|电商|网络|线上|注册|技术|平台|管理|通知|招商)|[与和及的]$/.test(
        name,
      )
    )
      learn(name, 'P')
  }
  // 星橙直播有权… / “归物”保留…: a proper name that again and again holds powers.
  const powers = new Map<string, number>()
  for (const m of all.matchAll(
    /(?:(?:^|[，。；：\n）])([一-鿿a-z0-9]{2,10}?)|([“”][一-鿿a-z0-9]{2,10}[“”]))(?:有权|保留)/g,
  ))
    powers.set(m[1] ?? m[2] ?? '', (powers.get(m[1] ?? m[2] ?? '') ?? 0) + 1)
  for (const [words, n] of powers) {
    const name = words.replace(/[“”]/g, '')
    const party = guess(name)
    // What stands in quotation marks is a name even if it is called 圈子网.
    if (
      n >= 2 &&
      (party === null || (party === 'P' && name !== words)) &&
      !/[您你我他其者人方家户]$|^(?:任何|双方|如|并|也|均|则|将|且|但|因此|同时|我们|法院|权利)/.test(name)
    )
      learn(name, 'P')
  }
  const escaped = [...names.keys()]
    .sort((a, b) => b.length - a.length)
    .map(n => n.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const pattern = new RegExp(
    `${escaped.length > 0 ? `(?<name>${escaped.join('|')})|` : '(?<name>(?!))|'}(?<m>平台商家|平台卖家|${MERCHANT})|(?<c>平台用户|平台会员|${CONSUMER})|(?<p>${PLATFORM})|(?<you>${ADDRESS})`,
    'g',
  )
  return { names, addressee, pattern }
}

/** Whom the document says it addresses; null where it says nothing, or both. */
function statedAddressee(audience: unknown): 'M' | 'C' | null {
  const [party, other] = [audience].flat()
  if (other !== undefined) return null
  return party === 'merchant' ? 'M' : party === 'consumer' ? 'C' : null
}

/** The parties named in `text`, in order, with the part each plays. */
export function partyMentions(text: string, cast: Cast): PartyMention[] {
  const found: PartyMention[] = []
  for (const match of text.matchAll(cast.pattern)) {
    const start = match.index
    const end = start + match[0].length
    const before = text.slice(Math.max(0, start - 8), start)
    const after = text.slice(end, end + 16)
    const g = match.groups ?? {}
    let party: Party
    if (g.name !== undefined) party = cast.names.get(g.name) ?? 'P'
    else if (g.m !== undefined) party = 'M'
    else if (g.c !== undefined)
      party = g.c === '用户' && cast.addressee === 'M' && !/买家|消费者/.test(text) ? 'M' : 'C'
    else if (g.p !== undefined) {
      if (/平台|网站|商城|应用|软件|公司/.test(g.p) && OTHER_PLATFORM.test(before)) continue
      party = 'P'
    } else party = cast.addressee
    const compound = g.p !== undefined && COMPOUND.test(after)
    const bare = before.replace(/[“”]$/, '').replace(DETERMINER, '')
    const previous = found.at(-1)
    // 向商家或消费者: what is joined to an object is one too.
    const joined =
      previous !== undefined &&
      /^[或和及与、/]$|^(?:以及|或者|[和及](?:\/|[(（])或[)）]?)$/.test(
        text.slice(previous.end, start).replace(DETERMINER, ''),
      )
    const agent = AGENT_BEFORE.test(bare)
    const role = agent
      ? 'subject'
      : compound || ATTRIBUTE_AFTER.test(after)
        ? 'attribute'
        : joined
          ? previous.role
          : OBJECT_BEFORE.test(bare)
            ? 'object'
            : 'subject'
    // 消费者和商家的期望: both are what the noun belongs to.
    if (joined && role === 'attribute' && previous.role === 'subject') found[found.length - 1] = { ...previous, role }
    found.push({ party, start, end, role })
  }
  return found
}

const PIVOT = /(?:要求|责令|让|令|强制|强迫|使|允许|禁止|通知)$/
const BREAK = /[，。；：]/

/**
 * Who does what stands at an offset: the last subject named before it in its own part of the sentence, else the
 * nearest earlier part's, else `inherited`. A party that is told to act (要求商家支付) is the actor of what follows it.
 */
export function actors(
  text: string,
  mentions: readonly PartyMention[],
  inherited: Party | null,
): (at: number) => Party | null {
  if (mentions.length === 0) return () => inherited
  /** For each mention, the index of the last subject, and of the last subject or pivot, up to it. */
  const subject: number[] = []
  const own: number[] = []
  for (const [i, { role, start }] of mentions.entries()) {
    const pivot = role === 'object' && PIVOT.test(text.slice(Math.max(0, start - 3), start))
    subject.push(role === 'subject' ? i : (subject[i - 1] ?? -1))
    own.push(role === 'subject' || pivot ? i : (own[i - 1] ?? -1))
  }
  const breaks: number[] = [0]
  for (let i = 0; i < text.length; i++) if (BREAK.test(text.charAt(i))) breaks.push(i + 1)
  return at => {
    const last = lastBelow(mentions.length, i => (mentions[i] as PartyMention).start < at)
    if (last < 0) return inherited
    const segment = breaks[lastBelow(breaks.length, i => (breaks[i] as number) <= at)] as number
    const nearest = mentions[own[last] as number]
    if (nearest !== undefined && nearest.start >= segment) return nearest.party
    return mentions[subject[last] as number]?.party ?? inherited
  }
}

/** The largest index below `length` for which `holds`, which holds for all smaller ones; -1 for none. */
function lastBelow(length: number, holds: (i: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(middle)) low = middle + 1
    else high = middle
  }
  return low - 1
}
