#!/usr/bin/env python3
"""Makes plans, with invented content, in the shapes that handlingsplaner come in.

    plan_files.py FOLDER [SOFFICE]

Makes 2025.* and 2023.* as .pptx, .docx and .xlsx; with the program SOFFICE it has LibreOffice save each anew, as
office-*. The same plans as text, as it is taken out of slides, are in tests/data/plans.
"""
import pathlib
import subprocess
import sys
import tempfile

import docx
import openpyxl
import pptx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import PatternFill
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.util import Cm, Pt

G, Y, R = "00B050", "FFC000", "FF0000"
BEST = "Patientlöfte: ”erbjudas diagnostik, behandling och uppföljning enligt bästa kunskap i varje möte”"
CHEAP = "Patientlöfte: ”erbjudas kostnadseffektiv vård”"
ALL = "För att uppnå en tillgänglig och jämlik och patientsäker diagnostik"
TEMPLATE = ["Nationellt insatsområde", "Prioriterat område och patientlöften", "Aktiviteter", "Uppföljning", "Status"]

# Each row: title, promise, activities, follow-up, status; a status begins with its colour where it has one.
PLAN_2025 = [
    (TEMPLATE, [
        ("Anskaffning av vägledning för remittenter inom bild och nuklearmedicin",
         BEST + " samt ”få tillgång till patientsäker vård”.",
         ["• Upphandla vägledningen tillsammans med fler regioner, om det går.",
          "• Varje region ordnar eget stöd fram till dess och hjälper gärna de andra.",
          "• Fråga myndigheten vad som är det minsta som krävs (t ex räcker en sida på webben?)"],
         ["Följs upp på: Vägledning upphandlad (ja/nej), tillfälligt stöd ordnat, svar från myndigheten.",
          "Samt, efter införande, på färre undersökningar som inte svarar på frågan."],
         [(G, "Beslut finns om att gå vidare med de regioner som vill. Kalkylen är gjord i en av dem och visas när "
              "den är mer färdig.")]),
        ("Säkra tillgången till spårämnen när behovet är större än vad de egna anläggningarna gör, enligt den "
         "rapport som finns", BEST,
         ["• Uppdra till anläggningens chef i Norrköping att ta fram en plan för försörjningen fram till dess att "
          "nästa anläggning är i drift. Plan klar under 2025."],
         ["Följs upp på: uppdrag lämnat, planens status.", "Effektmål: tillgång som motsvarar behovet."],
         [(None, "Vilande."), (None, "Arbetet behöver komma igång, men det är inte bråttom.")]),
        ("Inför gemensamma system för säker överföring av remisser, bilder och svar, samt undanröj hinder i lagen",
         BEST,
         ["• Fråga leverantörerna vad som finns. Gäller radiologi och patologi.",
          "• Ta fram förslag efter svaren, också om juridiken (beslutas efter svaren)",
          "• Därefter ev upphandling samt införande (beslutas efter svaren)"],
         ["Följs upp på: frågor skickade, svar värderade, beslut om fortsättning."],
         [(Y, "Förfrågan till leverantörer pågår. Projektet (PL Kim Exempel, RÖ) samordnar svaren. RPO är "
              "beställare.")]),
        ("Bildande av RAG radiologi", BEST,
         ["Starta och bemanna RAG radiologi under 2025.", "• Ordna regionens egen struktur inför RAG-start",
          "• Skriv uppdrag till RAG radiologi"],
         ["Följs upp på: framdrift, startad RAG med uppdrag."],
         [(None, "EJ PÅBÖRJAD."), (None, "Fortsatt vilja att starta grupper för resp. område under 2025.")]),
    ]),
    (TEMPLATE, [
        ("Djupare samarbete om patologi inom några områden", BEST,
         ["Aktiviteter formas efter att rapport om samarbetet är visad av RAG Patologi januari 2025.",
          "Punkten hanteras vid första RPO-mötet 2025.", "Kim: Hör efter med labcheferna vilka som ska bjudas in"],
         ["Uppföljning av aktiviteter formas därefter"],
         [(Y, "Avvakta visning av rapport i Chefsgrupp Lab."),
          (None, "Uppföljning nästa RPO för att ta hand om aktiviteter.")]),
        ("Ansvar och genomförande av molekylära analyser är fördelade på bästa sätt mellan sjukhusen", CHEAP,
         ["• Inför det som avsiktsförklaringen säger om humandiagnostik", "• Sätt effektmål",
          "• Undersök om det går att påbörja detsamma för mikrobiologin",
          "• Följ upp effekterna av det som togs fram 2024", "• Följ arbetet med en ny avsiktsförklaring"],
         [],
         [(G, "(Humandiagnostik)"), (None, "EJ PÅBÖRJAD (Molekylär)"),
          (None, "Uppdra ev. till RAG Molekylärdiagnostik"), (None, "(Undersök möjlighet)")]),
        ("Ansvar och genomförande av kemiska analyser är fördelade på bästa sätt mellan sjukhusen", CHEAP,
         ["• Skriv avsiktsförklaring för kemin", "• Sätt effektmål", "• Besluta om genomförande",
          "• Följ arbetet med ny avsiktsförklaring", "• Följ införandet och vad det ger"],
         [],
         [(None, "EJ PÅBÖRJAD."), (None, "Uppdra till RAG Klinisk kemi."),
          (None, "Immunologi är inte med, ev. lägga till den sedan?"),
          (None, "(Aktivitet: Formulera uppdrag och tilldela)")]),
        ("Tidigare översyn av genetiken behöver göras om utifrån dagens krav", None,
         ["• Utred vad som ska göras gemensamt och vad varje sjukhus ska göra", "• Följ arbetet med ny översyn",
          "• Följ införandet och vad det ger"],
         [],
         [(None, "EJ BESLUTAD."), (None, "Förslag om en större översyn."),
          (None, "Avvakta vidare samtal med cheferna innan beslut om ev. aktivitet.")]),
    ]),
    (TEMPLATE, [
        ("Bättre användning av resurser genom mer samverkan", CHEAP,
         ["• RAG går igenom vad som kan prioriteras gemensamt och vad som kan avvecklas. Avrapportering jan-25",
          "• Besluta om målet ska bort utifrån det som RAG har sagt i januari."],
         ["Punkten hanteras vid första RPO-mötet 2025"],
         [(R, "Från kunskapsråden 2024. Rapporteras i januari 2025. Beslut om mål ska finnas kvar tas efter det. "
              "Processtöd hämtar in rapporter som saknas.")]),
        ("Verka för att AI används mer, både i vården och i administrationen", CHEAP,
         ["Uppdrag ges till RAG att", "• Löpande utbyta erfarenheter av AI-införande",
          "• Omvärldsbevaka området (NY)"],
         ["Följs upp på: antal införda AI-tillämpningar.", "Utforma effektmål för tiden efter införandet."],
         [(G, "(Röntgen)"), (None, "EJ PÅBÖRJAD (Lab)"), (None, "Förslag från RPO: vi ser gärna att labben börjar…")]),
        ("Skapa hållbara sätt att välja undersökningar klokt", BEST,
         ["Uppdrag ges till RAG att", "• Löpande utbyta erfarenheter och följa resultat",
          "• Lika diagnostik för alla… (NY)"],
         ["Följ åtgärder och vad de ger i varje region"],
         [(G, "Ex. från arbetet i RKL bifogas anteckningar från RPO 22 feb."),
          (None, "Förslag att RKL under 2025 driver en aktivitet om dubbla prover. Övriga regioner väljer en annan.")]),
    ]),
    (TEMPLATE, [
        ("RPO följer och jämför nyckeltal för verksamheterna för att lära av varandra", BEST,
         ["• Följ regelbundet volymer, tillgänglighet och variation.",
          "• Visa behov av utveckling vid oönskad variation.",
          "• Bestäm gemensamma mätetal som kan jämföras. Viktigt att professionen är med och säger varför vi mäter, t "
          "ex för jämlik vård, effektivitet, kvalitet etc. (NY)",
          "• Undersök om vi kan vara med i ett register t ex NYSAM (ev. NY)"],
         ["Följ resultaten och oönskad variation."],
         [(None, "EJ PÅBÖRJAD."), (None, "Behov att se över gemensamma nyckeltal."), (None, "Vad kostar det?"),
          (None, "Vilken tillgänglighet har vi?")]),
    ]),
]
NATIONAL = ["Nationellt insatsområde NPO", "Prioriterat område och patientlöften", "Aktiviteter", "Uppföljning", "Status"]
RSL = ["Uppdrag från RSL till RPO MD"] + NATIONAL[1:]
OWN = ["Prioriterat område och patientlöften", "Aktiviteter RPO MD", "Uppföljning", "Status"]
PLAN_2023 = [
    (NATIONAL, [
        ("Anskaffning av vägledning för remittenter inom radiologi", ALL,
         ["En radiolog från oss var med i den tillfälliga nationella grupp som såg över ett centralt stöd (CBS). 2022 "
          "beslutades att regionerna upphandlar tillsammans."],
         ["Förstudien följdes upp på ordinarie RPO-möten", "Inför 2023 bevakas upphandlingen.",
          "230206 Anmälan om intresse är gjord av alla regioner. Ny ansökan om dispens tom 231231 sänds in från resp. "
          "region."], []),
        ("Blodanvändning", ALL, ["Vi lämnar namn från RKL och RJL till gruppen NAG 2022."],
         ["Nominering och arbete följs upp på ordinarie RPO-möten under 2023",
          "230206 Nomineringen är inte klar nationellt, arbetet är inte igång"], []),
        ("Digital patologi", ALL, ["Vi fick ordförandeposten i gruppen och ytterligare en plats (BMA) från RÖ."],
         ["Arbetet kommer följas upp på ordinarie RPO-möten under 2023"], []),
    ]),
    (RSL, [
        ("Behov av PET CT i regionerna 2022", ALL,
         ["Efter att rapporten visats beslutades att den ska få med en andra cyklotron."],
         ["220304 Rapporten kom in till RPO MD",
          "220405 Synpunkter är inhämtade, rapporten utökas – uppdrag ges till RAG nuklearmedicin 6/5.",
          "221206 Extra samtal om rapporten inkl. cyklotron",
          "230206 Läget redovisat av röntgencheferna, nytt uppdrag till ordföranden beslutades",
          "230215 Omtag tillsammans med ordföranden", "20230405 Resultatet visas för RPO MD"], []),
        ("Mer samarbete om patologi 2023", ALL,
         ["Projekt om samarbete", "• Samarbeta om köer", "• Utreda ersättning"],
         ["230206 Läget redovisat av labcheferna", "230309 Start av projektets del 1 – gemensamma köer"], []),
    ]),
    (OWN, [
        (None, "Stöd för att erbjuda diagnostik, behandling och uppföljning enligt bästa kunskap i varje möte",
         ["Stärk banden från RPO och RAG till de nationella grupperna.",
          "Tidsplan : Under Q2 ska en ersättare finnas i NPO MD."],
         ["230206 Ny ledamot är nominerad, godkänd på RSL 15/2"], []),
        (None, "Stöd till RAG för att uppnå en tillgänglig och jämlik och patientsäker diagnostik",
         ["Behåll och stöd samarbetet i våra RAG för att vi ska kunna göra mer tillsammans.",
          "Under 2023 hålls två dialogforum med samtliga RAG-ordföranden."],
         ["Aktiviteter och resultat följs upp vid samtliga RPO-möten samt vid årets två dialogforum (april och okt).",
          "230206 Beslut: Ytterligare 4 RAG inom radiologi bildas under våren 2023"], []),
        ("System som ger säkrare och snabbare överföring av bilder och svar",
         "Stöd till RAG för att uppnå en tillgänglig och jämlik och patientsäker diagnostik",
         ["Samverkan med de grupper som kan juridik och digitalisering", "Fortsatt arbete med:",
          "• Svarshantering inom laboratoriemedicin tillsammans med RAG Laboratoriemedicin IT",
          "• Förstudien om bilddelning."],
         ["Två styrgrupper bildades 2022 för att följa upp och stödja uppdragen",
          "221206 RAG Laboratoriemedicin IT bildades", "230206 Läget redovisat av röntgencheferna"], []),
        (None, "Stöd till RAG för att uppnå en tillgänglig och jämlik och patientsäker diagnostik",
         ["Verka, tillsammans med RSL, för delade anställningar där få har den kompetens som behövs.",
          "Under 2023 fortsätter det arbete som har börjat"],
         ["2021 togs kontakt med det regionala rådet för kompetens", "2022 gjordes ännu en kartläggning",
          "2022 Flera RAG tog initiativ, dock utan resultat. Under sommaren ges mer stöd",
          "230206 Läget redovisat av labcheferna Under våren bildar de ett nätverk"], []),
    ]),
]


def cells(heads, row):
    """A row's cells: for each a list of (colour, text)."""
    title, promise, doing, followed, status = row
    area = [t for t in (title, promise) if t]
    # Here the promise stands first.
    if promise and promise.startswith("Stöd "):
        area.reverse()
    plain = [[(None, text) for text in column] for column in (area, doing, followed)]
    return ([[]] if len(heads) == 5 else []) + plain + [status]


def presentation(plan, path, lights):
    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = Cm(33.867), Cm(19.05)
    deck.core_properties.title = f"Handlingsplan {path.stem} för RPO Exempel"
    for number, (heads, rows) in enumerate(plan):
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = "Handlingsplan"
        # On the second slide the table goes on without its heading.
        headed = number != 1 or not lights
        shape = slide.shapes.add_table(len(rows) + headed, len(heads), Cm(1), Cm(3), Cm(31), Cm(14))
        table = shape.table
        if headed:
            for cell, head in zip(table.rows[0].cells, heads):
                cell.text = head
        for row in table.rows:
            row.height = Cm(3)
        for at, row in enumerate(rows):
            for column, texts in enumerate(cells(heads, row)):
                cell = table.cell(at + headed, column)
                fill_slide_cell(cell, texts)
                shown = [colour for colour, _ in texts if colour]
                if not shown or texts[0][1].startswith("("):
                    continue
                if lights:
                    circle = slide.shapes.add_shape(
                        MSO_SHAPE.OVAL, Cm(1) + int(Cm(31) / len(heads) * (column + 0.8)),
                        Cm(3) + Cm(3) * (at + headed) + Cm(1), Cm(0.8), Cm(0.8))
                    circle.fill.solid()
                    circle.fill.fore_color.rgb = RGBColor.from_string(shown[0])
                else:
                    cell.fill.solid()
                    cell.fill.fore_color.rgb = RGBColor.from_string(shown[0])
    for title in ("Resultat", "Utmaningar"):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text_frame.text = f"{title} lämnas före nästa möte"
    deck.save(path)


def fill_slide_cell(cell, texts):
    frame = cell.text_frame
    for number, (colour, text) in enumerate(texts):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        if colour and text.startswith("("):
            dot = paragraph.add_run()
            dot.text = "● "
            dot.font.color.rgb = RGBColor.from_string(colour)
        run = paragraph.add_run()
        run.text = text.removeprefix("• ")
        run.font.size = Pt(6)
        if text.startswith("• "):
            properties = paragraph._p.get_or_add_pPr()
            properties.append(properties.makeelement(
                "{http://schemas.openxmlformats.org/drawingml/2006/main}buChar", {"char": "•"}))


def text_document(plan, path, _):
    document = docx.Document()
    document.add_heading(f"Handlingsplan {path.stem} för RPO Exempel", level=0)
    for heads, rows in plan:
        document.add_heading("Planen", level=1)
        table = document.add_table(rows=1, cols=len(heads))
        for cell, head in zip(table.rows[0].cells, heads):
            cell.text = head
        for row in rows:
            for cell, texts in zip(table.add_row().cells, cells(heads, row)):
                for number, (colour, text) in enumerate(texts):
                    paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
                    if colour and text.startswith("("):
                        paragraph.add_run("● ").font.color.rgb = docx.shared.RGBColor.from_string(colour)
                    elif colour:
                        shading = OxmlElement("w:shd")
                        shading.set(qn("w:fill"), colour)
                        cell._tc.get_or_add_tcPr().append(shading)
                    paragraph.add_run(text)
    document.add_heading("Resultat", level=1)
    document.add_paragraph("Resultat lämnas före nästa möte")
    document.save(path)


def workbook(plan, path, _):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Plan"
    sheet["A1"] = f"Handlingsplan {path.stem} för RPO Exempel"
    number = 3
    for heads, rows in plan:
        for column, head in enumerate(heads, start=1):
            sheet.cell(number, column, head)
        for row in rows:
            number += 1
            for column, texts in enumerate(cells(heads, row), start=1):
                cell = sheet.cell(number, column)
                parts = []
                for colour, text in texts:
                    parts.append("\n" if parts else "")
                    if colour and text.startswith("("):
                        parts.append(TextBlock(InlineFont(color=colour), "● "))
                    elif colour:
                        cell.fill = PatternFill("solid", fgColor=colour)
                    parts.append(text)
                parts = [part for part in parts if part]
                if parts:
                    rich = any(isinstance(part, TextBlock) for part in parts)
                    cell.value = CellRichText(*parts) if rich else "".join(parts)
        number += 1
    book.save(path)


def by_office(soffice, folder, files):
    with tempfile.TemporaryDirectory() as scratch:
        for name in files:
            profile = f"-env:UserInstallation=file://{scratch}/profile"
            subprocess.run([soffice, profile, "--headless", "--convert-to", name.split(".")[1], "--outdir", scratch,
                            folder / name],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)
            pathlib.Path(scratch, name).rename(folder / f"office-{name}")


def main():
    target = pathlib.Path(sys.argv[1])
    makers = {"pptx": presentation, "docx": text_document, "xlsx": workbook}
    plans = {"2025": PLAN_2025, "2023": PLAN_2023}
    for year, plan in plans.items():
        for form, make in makers.items():
            make(plan, target / f"{year}.{form}", False)
    presentation(PLAN_2025, target / "lights.pptx", True)
    if len(sys.argv) > 2:
        by_office(sys.argv[2], target, [f"{year}.{form}" for year in plans for form in makers] + ["lights.pptx"])


if __name__ == "__main__":
    main()
