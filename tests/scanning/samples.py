"""Small invented exports, one for each database and format, and builders of hostile files."""

import io
import json
import zipfile

OPENALEX = {
    "id": "https://openalex.org/W42",
    "doi": "https://doi.org/10.5555/CELL.1",
    "display_name": "Perovskite cells",
    "publication_date": "2021-05-03",
    "publication_year": 2021,
    "language": "en",
    "type": "article",
    "abstract_inverted_index": {"cells": [1], "Perovskite": [0], "work": [2]},
    "primary_location": {"source": {"display_name": "Journal of Cells"}},
    "authorships": [{"institutions": [{"display_name": "Lakeside University", "country_code": "CH"}]}],
}
LENS_PATENT = {
    "lens_id": "000-111",
    "jurisdiction": "EP",
    "biblio": {
        "publication_reference": {
            "jurisdiction": "EP",
            "doc_number": "1234567",
            "kind": "B1",
            "date": "2019-04-05",
        },
        "invention_title": [{"text": "Durchflusszelle", "lang": "de"}, {"text": "Flow cell", "lang": "en"}],
        "parties": {"applicants": [{"extracted_name": {"value": "Cell Works Ltd"}}]},
    },
    "abstract": [{"text": "A cell with a membrane.", "lang": "en"}],
}
NSF_API = {"response": {"award": [{
    "id": "2100001", "title": "Membranes that mend themselves", "abstractText": "We study membranes.",
    "startDate": "07/01/2021", "awardeeName": "Lakeside University", "awardeeCountryCode": "US",
}]}}  # fmt: skip
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Cell News",
    "items": [{"id": "n1", "title": "Flow cells in homes", "content_html": "<p>First <b>units</b>.</p>",
               "date_published": "2024-02-01T08:00:00Z", "url": "https://news.example/n1"}],
}  # fmt: skip

# database: (file name, content, expected (id, title, kind, year, organisations))
TABLES = {
    "scopus": (
        "scopus.csv",
        "Authors,Author(s) ID,Title,Year,Source title,Cited by,DOI,Affiliations,Abstract,Document Type,EID\n"
        '"A, B.",1,Perovskite cells,2021,Journal of Cells,3,10.5555/Cell.1,"Lakeside University; Hill Institute",'
        "Text.,Article,2-s2.0-1\n",
        ("10.5555/cell.1", "Perovskite cells", "paper", 2021, ["Lakeside University", "Hill Institute"]),
    ),
    "wos": (
        "savedrecs.txt",
        "PT\tAU\tTI\tSO\tAB\tC3\tPY\tDI\tUT\nJ\tA, B\tPerovskite cells\tJournal of Cells\tText.\tLakeside University\t"
        "2021\t10.5555/cell.1\tWOS:1\n",
        ("10.5555/cell.1", "Perovskite cells", "paper", 2021, ["Lakeside University"]),
    ),
    "pubmed": (
        "csv-set.csv",
        "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,DOI\n"
        "7,Perovskite cells,A B,x,A,Journal of Cells,2021,2021/05/01,,\n",
        ("pmid:7", "Perovskite cells", "paper", 2021, []),
    ),
    "cnki": (
        "cnki.csv",
        "SrcDatabase-来源库,Title-题名,Author-作者,Organ-单位,Source-文献来源,Summary-摘要,PubTime-发表时间,Year-年\n"
        "期刊,固态电池研究进展,甲,湖滨大学;山地研究所,电池学报,本文综述固态电池。,2021-05-03,2021\n",
        ("", "固态电池研究进展", "paper", 2021, ["湖滨大学", "山地研究所"]),
    ),
    "wanfang": (
        "wanfang.csv",
        "资源类型,题名,作者,作者单位,刊名,摘要,年,中图分类号\n期刊论文,固态电池研究进展,甲,湖滨大学,电池学报,本文综述。,2021,TM\n",
        ("", "固态电池研究进展", "paper", 2021, ["湖滨大学"]),
    ),
    "lens": (
        "lens.csv",
        "#,Jurisdiction,Kind,Display Key,Lens ID,Publication Date,Title,Abstract,Applicants,Simple Family Size\n"
        "1,EP,B1,EP 1234567 B1,000-111,2019-04-05,Flow cell,A cell.,Cell Works Ltd;;Other Ltd,3\n",
        ("EP1234567", "Flow cell", "", 2019, ["Cell Works Ltd", "Other Ltd"]),
    ),
    "uspto": (
        "g_patent.tsv",
        "patent_id\tpatent_type\tpatent_date\tpatent_title\tpatent_abstract\n"
        "US06836996-20050104\tutility\t2005-01-04\tFlow cell\tA cell.\n",
        ("US6836996", "Flow cell", "patent", 2005, []),
    ),
    "epo": (
        "espacenet.csv",
        "No;Title;Inventors;Applicants;Publication number;Earliest priority;IPC;CPC;Publication date\n"
        "1;Flow cell;A B;Cell Works Ltd;EP1234567B1;2017-01-01;H01M;H01M8;2019-04-05\n",
        ("EP1234567", "Flow cell", "patent", 2019, ["Cell Works Ltd"]),
    ),
    "cnipa": (
        "patents.csv",
        "发明名称,摘要,申请号,申请日,公开(公告)号,公开(公告)日,申请(专利权)人,IPC分类号\n"
        "一种液流电池,一种电池。,CN201810000001.1,2018-01-01,CN108000001A,2019-04-05,湖滨大学,H01M\n",
        ("CN108000001", "一种液流电池", "patent", 2019, ["湖滨大学"]),
    ),
    "cordis": (
        "project.csv",
        "id;acronym;status;title;startDate;ecMaxContribution;frameworkProgramme;fundingScheme;objective;grantDoi\n"
        '101000001;FLOW;SIGNED;"Flow cells for homes";2021-05-01;1000;HORIZON;RIA;"We build; and test.";10.3030/1\n',
        ("101000001", "Flow cells for homes", "project", 2021, []),
    ),
    "nsf": (
        "Awards.csv",
        '"AwardNumber","Title","NSFOrganization","StartDate","Organization","AwardInstrument","Abstract"\n'
        '"2100001","Membranes that mend themselves","CHE","07/01/2021","Lakeside University","Grant","We study."\n',
        ("2100001", "Membranes that mend themselves", "project", 2021, ["Lakeside University"]),
    ),
    "nsfc": (
        "nsfc.csv",
        "项目批准号,项目名称,项目类别,项目负责人,依托单位,批准年度,中文摘要\n"
        "52100001,固态电解质界面机理,面上项目,甲,湖滨大学,2021,研究界面。\n",
        ("52100001", "固态电解质界面机理", "project", 2021, ["湖滨大学"]),
    ),
}  # fmt: skip

PUBMED_XML = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" "https://dtd.example/pubmed.dtd">
<PubmedArticleSet>
<PubmedArticle><MedlineCitation><PMID Version="1">7</PMID><Article><Journal><JournalIssue><PubDate><Year>2021</Year>
<Month>May</Month><Day>03</Day></PubDate></JournalIssue><Title>Journal of Cells</Title></Journal>
<ArticleTitle>Perovskite <i>cells</i></ArticleTitle><Abstract><AbstractText Label="AIM">First line</AbstractText>
<AbstractText>and second.</AbstractText></Abstract><AuthorList><Author><AffiliationInfo>
<Affiliation>Lakeside University</Affiliation></AffiliationInfo>
</Author></AuthorList><Language>eng</Language></Article></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="doi">10.5555/Cell.1</ArticleId></ArticleIdList></PubmedData>
</PubmedArticle>
</PubmedArticleSet>
"""
ENDNOTE_XML = """<?xml version="1.0" encoding="UTF-8"?><xml><records><record>
<ref-type name="Journal Article">17</ref-type>
<titles><title><style face="bold">Perovskite cells</style></title>
<secondary-title>Journal of Cells</secondary-title></titles>
<dates><year>2021</year></dates><abstract>First line and second.</abstract>
<electronic-resource-num>10.5555/cell.1</electronic-resource-num></record></records></xml>
"""
RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Cell News</title>
<language>en-gb</language>
<item><title>Flow cells in homes</title><description>&lt;p&gt;First &lt;b&gt;units&lt;/b&gt;.&lt;/p&gt;</description>
<pubDate>Thu, 01 Feb 2024 08:00:00 GMT</pubDate><link>https://news.example/n1</link>
<guid>n1</guid></item></channel></rss>
"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Cell News</title>
<entry><title>Flow cells in homes</title><summary type="html">&lt;p&gt;First units.&lt;/p&gt;</summary>
<updated>2024-02-01T08:00:00Z</updated><link href="https://news.example/n1"/><id>n1</id></entry></feed>
"""
BIBTEX = r"""% a library
@string{joc = "Journal of Cells"}
@article{cells2021,
  title = {{P}erovskite cells: \'etude of {$\mathrm{CsPbI_3}$}},
  author = {M{\"u}ller, A. and Other, B.},
  journal = joc, year = 2021, month = may,
  abstract = "First line
    and {"}second{"}, 5\% better",
  doi = {10.5555/Cell.1}
}
@comment{ ignored {nested} }
@patent{p, title = {Flow cell}, number = {US 6,836,996 B2}, year = {2019}}
"""
NOTEEXPRESS = """{Reference Type}: Journal Article
{Title}: 固态电池研究进展
{Author}: 甲
{Journal}: 电池学报
{Year}: 2021
{Abstract}: 本文综述。

{Reference Type}: Patent
{Title}: 一种液流电池
{Year}: 2019
"""
CNKI_TEXT = """SrcDatabase-来源库: 期刊
Title-题名: 固态电池研究进展
Organ-单位: 湖滨大学;山地研究所;
Source-文献来源: 电池学报
PubTime-发表时间: 2021-05-03
Summary-摘要: 本文综述。

SrcDatabase-来源库: 专利
Title-题名: 一种液流电池
PubTime-发表时间: 2019-01-01
"""


def json_bytes(value) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def zipped(files: dict[str, bytes | str], level=zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", level) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def xlsx(rows, lead=0) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for _line in range(lead):
        book.active.append(["Search of today"])
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def docx(paragraphs, title="") -> bytes:
    import docx as writer

    document = writer.Document()
    document.core_properties.title = title
    for text in paragraphs:
        document.add_paragraph(text)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def pdf(text: str, title="", date="") -> bytes:
    """A PDF of one page, written by hand."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    info = f"<< /Title ({title}) /CreationDate (D:{date}000000) >>".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        info,
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)
