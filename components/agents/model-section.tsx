'use client'

import { useQuery } from '@tanstack/react-query'
import { useFormatter, useTranslations } from 'next-intl'
import { useTRPC } from '@/components/client/trpc.ts'
import { Field } from '@/components/ui/field.tsx'
import { Input, Select } from '@/components/ui/input.tsx'
import { engines } from '@/server/agents/schema.ts'
import { efforts, type ModelName, models } from '@/server/models/schema.ts'
import { EngineOffer } from './engine-offer.tsx'
import { factsOf } from './form-draft.ts'
import { FormSection } from './section.tsx'
import { errorAt, type SectionProps } from './use-form.ts'

const names = Object.keys(models) as ModelName[]

function EngineField({ form, errors, change }: SectionProps) {
  const t = useTranslations('agentForm')
  const words = useTranslations('agents.engine')
  const { data } = useQuery(useTRPC().workspace.engines.queryOptions())
  const missing = data?.some(({ name, available }) => name === form.engine && !available)
  return (
    <>
      <Field
        label={t('engine')}
        hint={missing ? t('engineMissing') : t(`engineHint.${form.engine}`)}
        error={errorAt(errors, 'config.engine')}
      >
        {(control) => (
          <Select
            {...control}
            className="h-9 w-full"
            value={form.engine}
            onChange={({ target }) => change({ engine: engines.find((one) => one === target.value) ?? 'messages' })}
          >
            {engines.map((engine) => (
              <option key={engine} value={engine}>
                {words(engine)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {missing && form.engine === 'claude-code' && <EngineOffer />}
    </>
  )
}

function EffortField({ form, errors, change }: SectionProps) {
  const t = useTranslations('agentForm')
  const known = factsOf(form.model).efforts
  if (known.length === 0) return null
  const value = form.effort && known.includes(form.effort) ? form.effort : ''
  return (
    <Field label={t('effort')} error={errorAt(errors, 'config.effort')}>
      {(control) => (
        <Select
          {...control}
          className="h-9 w-full"
          value={value}
          onChange={({ target }) => change({ effort: efforts.find((one) => one === target.value) ?? '' })}
        >
          <option value="">{t('effortOwn')}</option>
          {known.map((effort) => (
            <option key={effort} value={effort}>
              {t(`efforts.${effort}`)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}

function ThinkingFields({ form, errors, change }: SectionProps) {
  const t = useTranslations('agentForm')
  const kind = factsOf(form.model).thinking === 'adaptive' ? 'on' : 'budget'
  const value = form.thinking === kind ? kind : 'off'
  return (
    <>
      <Field label={t('thinking')} error={value === 'budget' ? null : errorAt(errors, 'config.thinking')}>
        {(control) => (
          <Select
            {...control}
            className="h-9 w-full"
            value={value}
            onChange={({ target }) => change({ thinking: target.value === kind ? kind : 'off' })}
          >
            <option value="off">{t('thinkings.off')}</option>
            <option value={kind}>{t(`thinkings.${kind}`)}</option>
          </Select>
        )}
      </Field>
      {value === 'budget' && (
        <Field label={t('thinkingTokens')} hint={t('thinkingTokensHint')} error={errorAt(errors, 'config.thinking')}>
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              value={form.thinkingTokens}
              maxLength={9}
              onChange={({ target }) => change({ thinkingTokens: target.value })}
            />
          )}
        </Field>
      )}
    </>
  )
}

/** The model and what it takes; what it does not take is not there. */
export function ModelSection(props: SectionProps) {
  const { form, errors, change } = props
  const t = useTranslations('agentForm')
  const format = useFormatter()
  const facts = factsOf(form.model)
  const told = {
    context: format.number(facts.contextTokens),
    output: format.number(facts.maxOutputTokens),
    input: format.number(facts.price.input),
    price: format.number(facts.price.output),
  }
  return (
    <FormSection title={t('sections.model')}>
      <div className="grid grid-cols-1 items-start gap-5 sm:grid-cols-2">
        <Field label={t('model')} hint={t('modelFacts', told)} error={errorAt(errors, 'config.model')}>
          {(control) => (
            <Select
              {...control}
              className="h-9 w-full"
              value={form.model}
              onChange={({ target }) => change({ model: names.find((one) => one === target.value) ?? form.model })}
            >
              {names.map((name) => (
                <option key={name} value={name}>
                  {models[name].label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <EngineField {...props} />
        <Field
          label={t('maxTokens')}
          hint={t('maxTokensHint', { most: format.number(facts.maxOutputTokens) })}
          error={errorAt(errors, 'config.maxTokens')}
        >
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              value={form.maxTokens}
              maxLength={9}
              onChange={({ target }) => change({ maxTokens: target.value })}
            />
          )}
        </Field>
        {facts.temperature && (
          <Field label={t('temperature')} hint={t('temperatureHint')} error={errorAt(errors, 'config.temperature')}>
            {(control) => (
              <Input
                {...control}
                inputMode="decimal"
                value={form.temperature}
                maxLength={6}
                onChange={({ target }) => change({ temperature: target.value })}
              />
            )}
          </Field>
        )}
        <EffortField {...props} />
        <ThinkingFields {...props} />
      </div>
    </FormSection>
  )
}
