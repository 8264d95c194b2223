# The commands of this project; the work is done by deploy/bootstrap.py and vlekkenplan.
PORT ?= 8000
UV ?= uv
ARGS ?=

BOOTSTRAP = @sh deploy/bootstrap.sh
LOCK = "$(UV)" pip compile pyproject.toml --quiet --universal --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-annotate --custom-compile-command "make lock" $(ARGS)

.PHONY: demo setup test lint audit screenshots lock clean help
.DEFAULT_GOAL := help

demo:   ## Start alles met voorbeeldgegevens (andere poort: make demo PORT=8123)
	$(BOOTSTRAP) setup
	@exec .venv/bin/vlekkenplan demo --port "$(PORT)" --follow-parent

setup:  ## Zet alles klaar zonder te starten
	$(BOOTSTRAP) setup

test:   ## Zet alles klaar en draai alle controles en tests (ARGS="-k kaart" kiest tests)
	$(BOOTSTRAP) test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo
	.venv/bin/pytest -n auto --maxprocesses=4 --dist loadscope $(ARGS)

lint:   ## Alleen de controles op stijl, typen en lagen
	$(BOOTSTRAP) lint
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo

audit:  ## Vraag of de pakketten bekende fouten hebben (eindigt met 3 als dat niet te vragen is)
	$(BOOTSTRAP) lint
	.venv/bin/python deploy/audit.py

screenshots: ## Maak de plaatjes van de README opnieuw
	$(BOOTSTRAP) test
	.venv/bin/pytest tests/browser/screenshots.py -o python_functions=take -o python_files=screenshots.py

lock:   ## Leg de versies van de afhankelijkheden vast, met uv (ARGS=--upgrade vernieuwt ze)
	@command -v "$(UV)" >/dev/null || { echo "uv ontbreekt. Typ: pip install uv"; exit 1; }
	$(LOCK) --group dev -o requirements-dev.lock
	$(LOCK) --group setup --constraint requirements-dev.lock -o requirements.lock

clean:  ## Verwijder wat 'make setup' heeft gemaakt (de gegevens in var/ blijven)
	rm -rf .venv node_modules static/vendor dist .mypy_cache .ruff_cache .pytest_cache \
		.hypothesis .import_linter_cache
	@echo "De gegevens staan nog in var/. Ook weg? Verwijder die map."

help:   ## Toon deze lijst
	@sed -n 's/^\([a-z]*\): *## */  make \1	/p' Makefile
