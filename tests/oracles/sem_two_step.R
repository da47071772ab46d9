# Local SAM and Croon-corrected factor-score regression. Run from this folder: Rscript sem_two_step.R
source("lavaan_export.R")
columns <- c("lhs", "op", "rhs", "est", "se")
sam_of <- function(id, data_name, model, d, ...) { f <- suppressWarnings(sam(model, data = d, ...)); cat(id, "\n"); p <- parameterEstimates(f); p <- if (is.null(p$group)) cbind(p, group = 1) else p
  step <- parTable(f)$step; list(id = id, data = data_name, model = model, options = list(...), parameters = keep(p[p$op %in% c("~", ":=") | (p$op == "~~" & step[seq_len(nrow(p))] == 2), ], c(columns, "group"))) }
croon_of <- function(id, data_name, model, d) { p <- parameterEstimates(lavaan:::fsr(model, d)); cat(id, "\n"); list(id = id, data = data_name, model = model, parameters = cbind(keep(p[p$op %in% c("~", "~~"), ], columns), group = 1)) }
holes <- read.csv("data/hs1939_holes.csv"); pd <- PoliticalDemocracy; hs <- read.csv("data/hs1939.csv")
democracy <- "ind60 =~ x1 + x2 + x3\ndem60 =~ y1 + y2 + y3 + y4\ndem65 =~ y5 + y6 + y7 + y8\ndem60 ~ a*ind60\ndem65 ~ c*ind60 + b*dem60\nindirect := a*b"
within <- paste0(democracy, "\ny2 ~~ y4\ny6 ~~ y8"); school <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9\nspeed ~ visual + textual"
age <- paste0(school, "\nspeed ~ ageyr"); single <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nx9 ~ visual + textual"
plain <- gsub("(a|b|c)\\*|\nindirect.*", "", democracy)
cases <- list(sam_of("bollen", "bollen", democracy, pd), sam_of("bollen_within", "bollen", within, pd),
  sam_of("bollen_one_block", "bollen", paste0(within, "\ny1 ~~ y5"), pd, mm.list = list("ind60", c("dem60", "dem65"))),
  sam_of("hs", "hs1939", school, hs), sam_of("hs_groups", "hs1939", school, hs, group = "school"), sam_of("hs_groups_metric", "hs1939", school, hs, group = "school", group.equal = "loadings"), sam_of("hs_observed_outcome", "hs1939", single, hs),
  sam_of("hs_covariate", "hs1939", age, hs), sam_of("hs_fiml", "hs1939_holes", school, holes, missing = "ml"))
croon <- list(croon_of("bollen", "bollen", plain, pd), croon_of("hs", "hs1939", school, hs))
write_oracle(cases, "sem_two_step.json", croon = croon)
