// Package hanzi folds Traditional characters, and those of Japan, to the
// Simplified ones of the catalogue of port charges. It has the characters that
// occur in the catalogue's own texts and no others: it is for finding names,
// not for converting text.
package hanzi

import "strings"

// Simplified is the Simplified form of a character; others stay as they are.
func Simplified(r rune) rune {
	if to, known := simplified[r]; known {
		return to
	}
	return r
}

var simplified = func() map[rune]rune {
	out := map[rune]rune{}
	for group := range strings.FieldsSeq(variants) {
		var to rune
		for i, r := range group {
			if i == 0 {
				to = r
				continue
			}
			out[r] = to
		}
	}
	return out
}()

// variants: the Simplified character, then how else it is written.
const variants = "" +
	"与與 业業 两兩両 个個 为為爲 举舉挙 乘乗 书書 了瞭 于於 产產産 仅僅 价價価 优優 会會 传傳伝 体體 侧側 假仮 关関關 兴興 内內 冈岡 决決 " +
	"冻凍 净淨 准準 减減 则則 别別 制製 办辦 务務 动動 区區 华華 协協 单單単 厂廠 历歷曆歴暦 参參 发發髮発 变變変 叠疊 台臺 号號 后後 吨噸 " +
	"员員 响響 回迴 围圍囲 国國 图図 场場 增増 处處処 备備 复復複 头頭 学學 宁寧 实實実 审審 对對対 导導 将將 属屬 岛島 币幣 干乾幹 并並併 " +
	"库庫 应應応 废廃 开開 异異 弃棄 强強 当當 录録錄 征徵徴 态態 总總総 悬懸 执執 护護 报報 拥擁 挂掛 换換 据據拠 收収 效効 数數 断斷 " +
	"无無 时時 显顯顕 暂暫 机機 杂雜雑 权權権 条條 来來 构構 标標 栏欄 档檔 检検 气氣気 汇匯彙 没沒 济済 渔漁 湾灣 滚滾 滞滯 满滿満 滨濱浜 " +
	"炉爐 点點 热熱 状狀 独獨 现現 电電 盐鹽塩 监監 着著 矿礦鉱 码碼 础礎 确確 离離 种種 积積 称稱 税稅 窑窯 筛篩 类類 粮糧 系繫係 " +
	"紧緊 级級 纯純 纲綱 纳納 线線 组組 细細 织織 终終 经經経 结結 给給 绞絞 统統 维維 缆纜 编編 缴繳 致緻 舍捨 舱艙 节節 范範 " +
	"营營営 补補 装裝 见見 规規 览覧 触觸 计計 订訂 认認 议議 记記 设設 证証 评評 诉訴 译譯訳 试試 话話 询詢 该該 语語 说說 请請 " +
	"读読 调調 账賬帳 货貨 贵貴 贸貿 费費 资資 车車 转轉転 轮輪 载載 较較 输輸 辽遼 过過 运運 进進 远遠 违違 连連 适適 选選 邮郵 " +
	"里裡裏 钢鋼 铁鐵鉄 铅鉛 链鏈 锚錨 长長 门門 闭閉 间間 闸閘 阅閱閲 阶階 际際 险險険 页頁 项項 顺順 须須 预預 领領 额額 驳駁 验驗験"
