import { reactAttrs, type SvgChild, type SvgNode } from '@hirundo/figures'
import { createElement, type ReactNode } from 'react'

const childOf = (child: SvgChild, key: number): ReactNode => (typeof child === 'string' ? child : nodeOf(child, key))
const nodeOf = ({ tag, attrs, children }: SvgNode, key?: number): ReactNode =>
  createElement(tag, { ...reactAttrs(attrs), ...(key === undefined ? {} : { key }) }, ...(children?.map(childOf) ?? []))

/** A figure's tree as React elements: what is on the page is what is downloaded. */
export const Svg = ({ node }: { readonly node: SvgNode }) => <>{nodeOf(node)}</>
