"""What Korean nouns tell of a name: the kind of thing that ends so, the rank of a person, places that all know."""

from collections.abc import Mapping

from graphrag_engine.offline.cues import words

HEADS: Mapping[str, frozenset[str]] = {
    "organisation": words(
        "회사 공사 공단 위원회 협회 학회 조합 협동조합 노동조합 노조 연합 연맹 연합회 총연합회 총연맹 재단 법인 "
        "은행 대학교 대학 대학원 고등학교 중학교 초등학교 학교 유치원 병원 의료원 신문 신문사 일보 방송 방송국 "
        "방송공사 통신 통신사 출판사 상회 상사 상단 조선소 제철소 제작소 제작사 정당 연구소 연구원 연구회 센터 "
        "그룹 전자 자동차 중공업 조선 건설 제약 제분 생명 화재 해상 증권 카드 보험 금융 항공 해운 해운사 텔레콤 "
        "엔터테인먼트 엔터 미디어 시네마 스튜디오 픽처스 정부 경찰서 경찰청 경찰 검찰청 검찰 지검 지법 고법 "
        "지방법원 고등법원 법원 법정 소방서 소방본부 본부 군청 시청 구청 도청 면사무소 사무소 세관 우체국 교회 "
        "성당 극단 구단 악단 관현악단 교향악단 합창단 예술단 기획사 기사단 수비대 구조대 특공대 군단 사단 여단 "
        "연대 함대 부대 해군 육군 공군 해병대 거래소 의회 국회 시의회 도의회 길드 상공회의소 회의소 클럽 동맹 "
        "연대회의 시민연대 수산 물산 상선 산업 화학 제철 유통 백화점 마트 호텔 당국 사무국 왕실 정권 내각 문고 "
        "서점 학당 서원 선단 선사 부녀회 번영회 향우회 동창회 보존회 어촌계 수협 농협 부서 국방부 교육부 외교부 "
        "법무부 통일부 재무부 환경부 국토부 산업부 해수부 국세청 기상청 특허청 통계청 산림청 병무청 관세청 조달청 "
        "방위사업청 해경 국정원 감사원 금감원 대법원 헌법재판소 인권위 방통위 비대위 공정위 금융위 청와대 사령부 "
        "참모본부 총독부 의원 팀 사관학교"
    ),
    "place": words(
        "시 군 구 읍 면 동 리 도 섬 제도 군도 열도 강 산 산맥 봉 항 항구 만 곶 해 해협 반도 평야 역 공항 터미널 "
        "거리 로 길 대로 대교 다리 공원 광장 시장 궁 성 성곽 탑 등대 부두 선착장 방파제 해변 해수욕장 해안 계곡 "
        "폭포 호수 호 저수지 댐 마을 나루 포구 왕국 제국 공화국 주 지방 박물관 미술관 도서관 극장 기념관 체육관 "
        "경기장 운동장 식물원 동물원 묘지 고개 언덕 사막 대륙 운하 터널 교차로 분기점 휴게소 타워 빌딩 아파트 "
        "궁전 사찰 절 암자 굴 동굴 온천 들판 모래톱 여울 갑문 창고 곳간 여관 주점 리조트 "
    ),
    "event": words(
        "전쟁 대전 혁명 운동 조약 협정 협약 사건 사태 참사 사고 대회 올림픽 월드컵 축제 영화제 박람회 선거 총선 "
        "대선 폭동 왜란 호란 대화재 대지진 대홍수 파업 전투 해전 조난 침몰 회담 정상회담 기념식"
    ),
    "work": words(
        "호 소설 시집 앨범 교향곡 협주곡 잡지 연감 일지 회고록 선언 법 헌법 특별법 증기선 범선 여객선 예인선"
    ),
}
"""Last nouns of names, by the type of what is named so."""
KIND: Mapping[str, str] = {noun: kind for kind, nouns in HEADS.items() for noun in nouns}
ENDINGS: Mapping[str, str] = {
    noun: kind
    for noun, kind in KIND.items()
    if len(noun) > 1
    or noun
    in (
        "시",
        "군",
        "구",
        "읍",
        "면",
        "동",
        "도",
        "강",
        "산",
        "항",
        "역",
        "곶",
        "호",
        "당",
        "섬",
        "해",
        "댐",
        "궁",
        "탑",
    )
}
"""The same as ends of one word; of single syllables only those that hardly anything else ends with."""
BODIES = words(
    "위원회 협회 학회 조합 협동조합 연맹 연합회 총연맹 재단 은행 공사 공단 연구소 조선소 경찰서 경찰청 지법 지검 "
    "지방법원 법원 상공회의소 의회 본부 사령부 신문 신문사 일보 방송국 대학교 수비대 거래소 보존회 번영회 향우회 "
    "어촌계"
)
"""Last nouns of organisations that may be named by common nouns alone: `항만위원회`."""
INSTITUTIONS = words(
    "경찰 검찰 국회 정부 청와대 국방부 교육부 외교부 법무부 통일부 재무부 환경부 국토부 국세청 기상청 특허청 "
    "통계청 경찰청 해경 국정원 감사원 금감원 대법원 헌법재판소 재판부 새누리당 민주당 공화당 육군 해군 공군 "
    "소방당국 방통위 비대위"
)
"""Common nouns of which there is one in a country."""
TITLES = words(
    "씨 님 군 양 선생 선생님 대통령 총리 장관 차관 의원 국회의원 후보 대표 총재 위원장 위원 회장 부회장 사장 "
    "부사장 전무 상무 이사 이사장 부장 차장 과장 대리 팀장 실장 국장 청장 총장 학장 처장 원장 소장 관장 교장 교감 "
    "교사 교수 부교수 조교수 박사 석사 연구원 기자 앵커 아나운서 감독 배우 가수 작가 시인 소설가 화가 작곡가 "
    "지휘자 피아니스트 선수 코치 주장 투수 타자 판사 검사 변호사 검사장 대법관 의사 간호사 약사 목사 신부 수녀 "
    "스님 주교 추기경 교황 왕 여왕 황제 왕자 공주 대왕 황후 왕비 백작 남작 공작 후작 경 부인 여사 장군 제독 대장 "
    "중장 소장 준장 대령 중령 소령 대위 중위 소위 상사 중사 하사 병장 상병 일병 이병 선장 항해사 기관사 기관장 "
    "갑판장 등대지기 항만장 도선사 함장 사령관 참모총장 경감 경위 경사 경장 순경 형사 시장 도지사 지사 군수 "
    "구청장 면장 이장 읍장 동장 대사 영사 특사 비서 비서관 비서실장 수석 대변인 보좌관 사무총장 사무국장 간사 "
    "총무 서기 조합장 지점장 은행장 행장 건축가 기술자 설계사 목수 상인 어부 농부 측량사 편집장 주필 특파원 피디 "
    "프로듀서 셰프 개그맨 모델 댄서 공동대표 창립자 설립자 창업자 후계자 총괄회장 명예회장 전도사 장로 집사 권사 "
    "할머니 할아버지 아저씨 아줌마 형 누나 언니 오빠 어머니 아버지 모 사서 관리인 주인 선주"
)
"""Nouns behind the name of a person that are no part of it."""
LANDFORMS = words("여울 곶 해협 반도 봉 고개 나루 포구 계곡 폭포 등대")
"""Nouns that make a name of a place of the common noun before them."""
RELATIONS = words(
    "아들 딸 아내 남편 부인 아버지 어머니 형 동생 누나 언니 오빠 남동생 여동생 손자 손녀 조카 삼촌 사위 며느리 "
    "제자 스승 친구 동업자 후계자 전임자 비서 조수 장남 차남 장녀 차녀 사촌 할아버지 할머니 외손자 미망인"
)
"""Nouns that tie one person to another."""
NEAR = words(
    "앞바다 근처 앞 뒤 옆 북쪽 남쪽 동쪽 서쪽 안 밖 위 아래 부근 인근 일대 지역 시내 해안 연안 근해 현지 중심 "
    "동부 서부 남부 북부 북단 남단 입구 사이 가운데 도심 쪽 속 출신 소속 산하"
)
"""Nouns between the name of a place and a particle that leave it the place."""
GENERIC = words(
    "TV SNS CEO CCTV CG IT AI PC SF DVD OST MC DJ PD CF NG UFO DNA TF URL OK FM AM PM GDP ISBN IQ VIP ID LED LCD "
    "GPS USB VOD MV LP CD ADHD 페이스북 영어 한국어 일본어 중국어 한글 한국인 일본인 중국인 미국인 힐링 케미 애니 "
    "러브 스토리 코미디"
)
"""What is tagged as proper and names nobody and nothing in particular."""
PLACES = words(
    "한국 대한민국 북한 남한 조선 고려 신라 백제 고구려 일본 중국 미국 영국 프랑스 독일 러시아 소련 이탈리아 "
    "스페인 포르투갈 네덜란드 벨기에 스위스 오스트리아 스웨덴 노르웨이 덴마크 핀란드 폴란드 체코 헝가리 그리스 "
    "터키 튀르키예 이란 이라크 이스라엘 시리아 이집트 인도 파키스탄 베트남 태국 필리핀 인도네시아 말레이시아 "
    "싱가포르 몽골 대만 홍콩 호주 뉴질랜드 캐나다 멕시코 브라질 아르헨티나 칠레 페루 쿠바 남아프리카 나이지리아 "
    "케냐 우크라이나 유럽 아시아 아프리카 아메리카 북미 남미 중동 동남아 동북아 서울 부산 대구 인천 광주 대전 "
    "울산 세종 제주 경기 강원 충북 충남 전북 전남 경북 경남 수원 성남 고양 용인 부천 안산 안양 평택 춘천 원주 "
    "강릉 청주 충주 천안 전주 군산 익산 목포 여수 순천 포항 경주 안동 구미 창원 진주 통영 마산 거제 서귀포 평양 "
    "개성 신의주 함흥 원산 강남 해운대 여의도 도쿄 오사카 교토 나가사키 베이징 상하이 칭다오 톈진 뉴욕 워싱턴 "
    "시카고 보스턴 런던 파리 베를린 로마 모스크바 마드리드 빈 프라하 리버풀 함부르크 할리우드 실리콘밸리 태평양 "
    "대서양 인도양 동해 서해 남해 황해 한강 낙동강 금강 영산강 백두산 한라산 지리산 설악산 독도 울릉도 제주도 "
    "강화도 거제도 진도 완도"
)
"""Places that everybody knows."""
SURNAMES = frozenset(
    "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도석선설마길위표명기반왕금옥육맹제탁국나"
)
"""First syllables of most names of Koreans."""
_NOT_THERE = words("길 만 리 로 성 봉 주 도 궁")
"""Last syllables of names of places and, as often, of people."""
FULL_NAME = 3
"""Syllables of most names of Koreans: one of the family, two of the person."""


def may_be_person(name: str) -> bool:
    """Whether a name is as long as those of people and begins and ends like one: `강봉길`."""
    return len(name) == FULL_NAME and name[0] in SURNAMES and name[-1] in _NOT_THERE


def kind_by_ending(name: str) -> str:
    """The kind that a name alone tells; `name` where it tells none."""
    if name in PLACES:
        return "place"
    ending = next((name[at:] for at in range(1, len(name)) if name[at:] in ENDINGS), None)
    if ending is not None:
        return ENDINGS[ending]
    return "person" if len(name) == FULL_NAME and name[0] in SURNAMES else "name"
