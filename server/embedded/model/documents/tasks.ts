import type { AppModel } from '../app-model.ts'
import { say } from './words.ts'

/** The architect's second document: work split between the two developers, by files that do not overlap. */
export function tasks(model: AppModel): object {
  const words = say(model.language)
  const all = model.criteria.map(({ id }) => id)
  const of = (name: string): string[] =>
    model.criteria.filter(({ checks }) => checks.some((check) => 'entity' in check && check.entity === name)).map(({ id }) => id)
  const backend = 'backend-developer' as const
  const persisted = model.criteria.filter(({ checks }) => checks.some(({ pattern }) => pattern === 'persists')).map(({ id }) => id)
  const list = [
    {
      role: backend,
      title: words('Server, store and checks', '서버, 저장소, 입력 확인'),
      detail: words(
        'Start, health, one data file written atomically, checks that name the wrong field.',
        '시작과 상태 확인, 원자적으로 쓰는 데이터 파일, 잘못된 항목을 알려 주는 확인.',
      ),
      files: ['server.js', 'src/app.js', 'src/store.js', 'src/validate.js'],
      criteria: persisted,
    },
    ...model.entities.map((entity) => ({
      role: backend,
      title: words(`Routes of ${entity.labelPlural}`, `${entity.labelPlural} 경로`),
      detail: words(
        `Create, list, read, change and delete under ${entity.route}, with ${entity.rules.length} rule${entity.rules.length === 1 ? '' : 's'}.`,
        `${entity.route} 아래의 만들기, 목록, 읽기, 수정, 삭제와 규칙 ${entity.rules.length}개.`,
      ),
      files: [`src/routes/${entity.plural}.js`],
      criteria: of(entity.name),
    })),
    {
      role: backend,
      title: words('Rules and unit tests', '규칙과 단위 테스트'),
      detail: words('Each rule in a file of its own, with tests beside it.', '규칙마다 파일 하나와 테스트.'),
      files: ['src/rules/**', 'test/**'],
      criteria: [] as string[],
    },
    {
      role: 'frontend-developer' as const,
      title: words('The page', '페이지'),
      detail: words(
        `Lists and forms for ${model.entities.map(({ labelPlural }) => labelPlural).join(', ')}, with messages beside their fields.`,
        `${model.entities.map(({ labelPlural }) => labelPlural).join(', ')} 목록과 입력 화면, 항목 옆의 안내.`,
      ),
      files: ['public/index.html', 'public/app.js', 'public/style.css'],
      criteria: all,
    },
  ]
  return { tasks: list.map((task, index) => ({ id: `T-${index + 1}`, ...task })) }
}
