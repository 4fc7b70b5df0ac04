import { transliterate } from 'transliteration'

/** Korean words: particles off, and identifiers by a small lexicon of everyday nouns with transliteration for all others. */

const lexicon: Record<string, string> = {}
function words(pairs: string): void {
  for (const pair of pairs.trim().split(/\s*,\s*/)) {
    const at = pair.indexOf(' ')
    lexicon[pair.slice(0, at)] = pair.slice(at + 1)
  }
}
// Words for fields.
words(`이름 name, 성명 name, 제목 title, 내용 content, 본문 content, 설명 description, 소개 description, 메모 note, 비고 remark, 노트 note,
 날짜 date, 일자 date, 시작 start, 시작일 start date, 끝 end, 종료 end, 종료일 end date, 시각 time, 시간 time, 일시 date, 가격 price, 단가 price, 금액 amount,
 수량 quantity, 개수 count, 갯수 count, 횟수 count, 인원 headcount, 인원수 headcount, 정원 capacity, 수용 capacity, 상태 status, 분류 category, 카테고리 category, 태그 tags,
 종류 kind, 유형 type, 우선순위 priority, 중요도 priority, 완료 done, 완료여부 done, 마감 due, 마감일 due date, 마감기한 due date, 기한 due date,
 전화번호 phone, 전화 phone, 연락처 contact, 이메일 email, 메일 email, 주소 address, 링크 link, 사진 photo, 이미지 image, 저자 author, 지은이 author,
 작가 author, 작성자 author, 글쓴이 author, 출판사 publisher, 출판일 published date, 출간일 published date, 출판연도 year, 연도 year, 년도 year, 평점 rating,
 별점 rating, 점수 score, 나이 age, 생일 birthday, 생년월일 birth date, 성별 gender, 부서 department, 직급 position, 직책 position, 담당자 assignee,
 색상 color, 색 color, 크기 size, 무게 weight, 길이 length, 높이 height, 단위 unit, 재고 stock, 번호 number, 코드 code, 비용 cost, 요금 fee,
 조회수 views, 좋아요 likes, 추천수 likes, 장소 place, 위치 location, 재료 ingredients, 요일 weekday, 참석자 attendees, 참가자 participants, 구성원 people, 멤버 people,
 참여자 participants, 키워드 keywords, 난이도 difficulty, 층 floor, 페이지 page, 쪽수 pages, 감상 review, 후기 review, 리뷰 review, 기간 period, 목적 purpose,
 사유 reason, 구분 kind, 등급 grade, 배우 actors, 감독 director, 장르 genre, 국가 country, 도시 city, 지역 region, 학년 grade, 학번 student number, 사번 staff number,
 유통기한 expiry date, 구입일 purchase date, 구매일 purchase date, 칼로리 calories, 거리 distance, 총액 total, 합계 total, 잔액 balance, 결제 payment, 방법 method,
 수단 method, 여부 , 등록일 registered date, 방문일 visit date, 대상 target, 단어 word, 뜻 meaning, 예문 example, 의미 meaning, 언어 language, 버전 version, 별명 nickname`)
// Words for the things themselves.
words(`책 book, 도서 book, 할일 task, 작업 task, 업무 task, 과제 assignment, 일정 event, 이벤트 event, 행사 event, 고객 customer, 손님 guest, 상품 product,
 제품 product, 주문 order, 직원 employee, 사원 employee, 학생 student, 교사 teacher, 선생님 teacher, 강의 course, 수업 lesson, 강좌 course, 글 post, 게시글 post,
 게시물 post, 댓글 comment, 영화 movie, 노래 song, 음악 music, 음식 food, 식당 restaurant, 맛집 restaurant, 메뉴 menu, 레시피 recipe, 요리 dish, 운동 workout,
 기록 record, 일기 diary, 일지 log, 메시지 message, 사용자 user, 회원 user, 팀 team, 파일 file, 물품 item, 물건 item, 비품 supply, 장비 equipment, 차량 vehicle,
 자동차 car, 자전거 bike, 문의 inquiry, 공지 notice, 공지사항 notice, 질문 question, 답변 answer, 투표 poll, 설문 survey, 쿠폰 coupon, 습관 habit, 목표 goal,
 식물 plant, 환자 patient, 약 medicine, 지출 spending, 수입 income, 거래 transaction, 계좌 account, 청구서 invoice, 대출 loan, 출석 attendance, 프로젝트 project,
 티켓 ticket, 버그 bug, 이슈 issue, 문서 document, 앨범 album, 게임 game, 선수 player, 경기 match, 대회 contest, 반려동물 pet, 강아지 dog, 고양이 cat, 와인 wine,
 커피 coffee, 가게 shop, 매장 store, 창고 warehouse, 부품 part, 항목 item, 기사 article, 뉴스 news, 거래처 client, 계약 contract, 견적 quote, 배송 delivery`)

/** Nouns that end in what looks like a particle. */
const whole = new Set(
  '고양이 어린이 떡볶이 놀이 목걸이 아이 사이 길이 높이 깊이 넓이 나이 종이 먹이 차이 회의 강의 문의 동의 정의 논의 주의 거의 평가 휴가 작가 물가 단가 원가 국가 추가 증가 참가 허가 결과 효과 학과 통과 성과 사과 온도 속도 정도 지도 제도 연도 년도 강도 난이도 중요도 용도 도로 경로 진로 회로 통로 별로 쇼핑 스타일 마을 가을 겨울 이를 오늘은 바로 서로 새로 따로 스스로 실제로 목록으로 링크로 친구들 모이 메뉴 카드 정원 지은이 글쓴이 태도 각도 농도 습도 밀도 만족도 선호도 학기 일기'.split(
    ' ',
  ),
)
const afterConsonant = ['으로는', '으로', '이나', '이라도', '이며', '이고', '이란', '은', '이', '을', '과']
const afterVowel = ['로는', '로', '나', '라도', '며', '란', '는', '가', '를', '와']
const afterAny = [
  '에서는',
  '에서도',
  '에게는',
  '까지는',
  '부터는',
  '에서',
  '에게',
  '한테',
  '까지',
  '부터',
  '마다',
  '보다',
  '처럼',
  '에는',
  '에도',
  '만의',
  '별로',
  '의',
  '에',
  '도',
  '만',
  '별',
]

const particles = [...afterAny, ...afterConsonant, ...afterVowel].sort((a, b) => b.length - a.length)

function endsInConsonant(word: string): boolean {
  const code = word.charCodeAt(word.length - 1) - 0xac00
  return code >= 0 && code <= 11171 && code % 28 !== 0
}

/** The noun without its particle: the longest particle that fits the sound before it, and leaves something over. */
export function withoutParticle(word: string): string {
  if (whole.has(word) || word in lexicon || !/[가-힣]$/.test(word)) return word
  for (const particle of particles) {
    if (!word.endsWith(particle)) continue
    const stem = word.slice(0, -particle.length)
    if (stem === '' || (stem.length === 1 && !(stem in lexicon))) continue
    const closed = endsInConsonant(stem)
    if (afterConsonant.includes(particle) && !closed) continue
    const afterRieul = particle.startsWith('로') && stem.charCodeAt(stem.length - 1) % 28 === (0xac00 + 8) % 28
    if (afterVowel.includes(particle) && closed && !afterRieul && /[가-힣]$/.test(stem)) continue
    return stem
  }
  return word
}

/** English or romanised words for one Korean word; a compound of two known words is taken apart. */
export function toEnglish(word: string): string {
  const known = lexicon[word]
  if (known !== undefined) return known
  for (let at = word.length - 1; at >= 1; at--) {
    const first = lexicon[word.slice(0, at)]
    const second = lexicon[word.slice(at)]
    if (first !== undefined && second !== undefined && (at > 1 || word.length === 2)) return `${first} ${second}`.trim()
  }
  return transliterate(word)
}
