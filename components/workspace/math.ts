import 'katex/dist/katex.min.css'
import rehypeKatex from 'rehype-katex'
import remarkMath from 'remark-math'

/** What draws formulas. Text from outside may not ask it for links, pictures or endless macros. */
export const mathPlugins = {
  remark: [remarkMath, { singleDollarTextMath: true }] as const,
  rehype: [rehypeKatex, { trust: false, strict: 'ignore', throwOnError: false, maxExpand: 200, maxSize: 20 }] as const,
}
